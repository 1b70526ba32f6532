package text

import "finwait/sim"

// Role says what a piece of text means. A screen gives each role a style; a role never
// carries a meaning alone, the words and signs do.
type Role uint8

// The roles.
const (
	RoleNormal   Role = iota
	RoleFaint         // what one need not read
	RoleEmphasis      // emphasis in prose
	RoleStrong        // strong emphasis in prose, and headings
	RoleCode          // code in prose
	RoleTitle         // the name of what is on the screen
	RoleKey           // a key to press
	RoleActive        // where one is: the chosen lesson, the next step
	RolePast          // one looks at the past
	RolePressed       // the key that was pressed last
	RoleCall          // a call, and what it was given
	RoleOK            // a result, an expectation that held
	RoleFail          // a failure, a step that was refused
	RoleWarn          // what asks for attention
	RoleDeath         // a process died
	RoleClient        // the client, a segment that it sent
	RoleServer        // the server, a segment that it sent
	RoleReset         // a segment with RST
	RoleGap           // time that went by
	RoleNote          // a remark: a handler ran, an older connection ended
	RoleDiffers       // what the model says, and what the kernel does instead

	// A state where it begins, and the lifeline of a socket in it: how far the socket
	// is, in the order of its life.
	RoleListen
	RoleOpening
	RoleOpen
	RoleActiveClose  // this side closed first, or at the same time
	RolePassiveClose // the other side has closed
	RoleTimeWait
	RoleOver

	// RoleCount is the number of roles.
	RoleCount
)

// StateRole returns the role of a state and of the lifeline of a socket in it.
func StateRole(s sim.State) Role {
	switch s {
	case sim.Established:
		return RoleOpen
	case sim.SynSent, sim.SynRecv:
		return RoleOpening
	case sim.FinWait1, sim.FinWait2, sim.Closing:
		return RoleActiveClose
	case sim.CloseWait, sim.LastAck:
		return RolePassiveClose
	case sim.TimeWait:
		return RoleTimeWait
	case sim.Listen:
		return RoleListen
	}
	return RoleOver
}
