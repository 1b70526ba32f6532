package tui

import (
	"os"

	tea "charm.land/bubbletea/v2"
)

// How the program ends: only when the terminal has answered everything that it
// was asked, or an answer would be typed into the shell that comes back.

// quit ends the program.
func (m *model) quit() tea.Cmd {
	if m.terminal.answered {
		return tea.Quit
	}
	m.quitting = true
	if m.terminal.fenced {
		return m.shell.waitForTerminal()
	}
	return nil // onFence goes on
}

// interrupt ends the program as ctrl-c does.
func (m *model) interrupt() tea.Cmd {
	m.ending = os.Interrupt
	return m.quit()
}

// onSignal ends the program because it was told to.
func (m *model) onSignal(s os.Signal) tea.Cmd {
	if m.quitting {
		return nil
	}
	m.ending = s
	return m.quit()
}

// onFence asks the terminal its last question.
func (m *model) onFence() tea.Cmd {
	m.terminal.fenced = true
	if m.quitting {
		return tea.Batch(m.shell.askFence(), m.shell.waitForTerminal())
	}
	return m.shell.askFence()
}

// onAnswered takes the terminal's last answer, or the end of our patience.
func (m *model) onAnswered() tea.Cmd {
	m.terminal.answered = true
	if m.quitting {
		return tea.Quit
	}
	return nil
}
