package cli

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"finwait/internal/testkit/livetest"
)

// strace(1) beside a run of finwait tells of the same calls, values, signals and
// deaths, in the same order for each process. Left out of the comparison, because
// they are not the program's:
//
//   - what it does before it waits for its first order: how a process of Go starts;
//   - what is on no socket of the program: descriptor 0 is its channel to the lab,
//     and a fork opens and closes a few files;
//   - the threads that the Go runtime starts;
//   - an ignored SIGPIPE, of which the kernel tells a tracer and nobody else;
//   - the death of the programs that outlived the lesson.

// actions are what each process did, by pid, one action a line.
type actions map[int][]string

// TestStrace compares.
func TestStrace(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	const quick = "--seccomp-bpf" // only what is traced stops; strace 5.3
	if out, err := exec.Command(strace, "-f", quick, "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, out)
	}
	for _, name := range append(allLessons(), "testdata/every-call.md") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				file := filepath.Join(t.TempDir(), "strace")
				r := finish(t, commandOf(t, strace, "-f", quick, "-s", "32", "-o", file,
					"-e", "trace=recvmsg,socket,setsockopt,bind,listen,accept,accept4,connect,read,recvfrom,write,sendto,shutdown,close,dup,poll,ppoll,rt_sigaction,clone,clone3,vfork",
					executable(t), "run", "--json", "--port", "0", name))
				unavailable(t, r)
				// strace slows the programs down: an expectation about which segment
				// comes first may fall short, and both tell so.
				if r.status != exitOK && r.status != exitExpectation || r.stderr != "" {
					t.Errorf("exit status %d: %s", r.status, r.stderr)
				}
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				log := readLog(t, r.stdout)
				told, seen := actionsOf(log), traced(t, string(text))
				for _, pid := range pids(log) {
					sameLines(t, fmt.Sprintf("process %d: the log", pid), told[pid], "strace", seen.of(pid, told[pid]))
				}
			})
		})
	}
}

// of returns what a process did, without its death if the log does not have one.
func (d actions) of(pid int, told []string) []string {
	seen := d[pid]
	if n := len(seen); n > 0 && seen[n-1] == "killed by SIGKILL, exit 137" && !slices.Contains(told, seen[n-1]) {
		seen = seen[:n-1]
	}
	return seen
}

// sameLines compares two accounts and shows the first difference.
func sameLines(t testing.TB, aName string, a []string, bName string, b []string) {
	t.Helper()
	for i := range max(len(a), len(b)) {
		x, y := "nothing", "nothing"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			t.Errorf("%s has, after %d lines that agree,\n\t%s\n%s has\n\t%s", aName, i, x, bName, y)
			return
		}
	}
}

// actionsOf reads the log: a call with what it returned is one action, and so is a
// signal, and a death.
func actionsOf(log []entry) actions {
	all, open := actions{}, map[int]string{}
	add := func(pid int, format string, args ...any) { all[pid] = append(all[pid], fmt.Sprintf(format, args...)) }
	handled := map[int]bool{}
	for _, e := range log {
		switch e.Kind {
		case "call":
			open[e.PID] = callOf(e)
		case "return":
			add(e.PID, "%s = %s", open[e.PID], resultOf(e))
			delete(open, e.PID)
			if handled[e.PID] { // strace tells of the signal after the call that raised it
				add(e.PID, "handled SIGPIPE")
				delete(handled, e.PID)
			}
		case "signal":
			handled[e.PID] = e.Action == "handled"
			if call, ok := open[e.PID]; ok && e.Action == "killed" {
				// The call has failed already, but the program never hears of it.
				if e.Signal == "SIGPIPE" {
					add(e.PID, "%s = -1 EPIPE", call)
				} else {
					add(e.PID, "%s = ?", unread(call))
				}
				delete(open, e.PID)
			}
		case "exit":
			add(e.PID, "killed by %s, exit %d", e.Signal, e.Status)
		}
	}
	for pid, call := range open {
		add(pid, "%s = ?", unread(call))
	}
	return all
}

// unread leaves the size out of a read that never returned: strace does not know
// it before.
func unread(call string) string {
	if fd, _, found := strings.Cut(call, ", "); found && (strings.HasPrefix(call, "read(") || strings.HasPrefix(call, "recv(")) {
		return fd + ", …)"
	}
	return call
}

func callOf(e entry) string {
	args := e.Args
	if e.FD != nil {
		args = append([]string{strconv.Itoa(*e.FD)}, args...)
	}
	return e.Call + "(" + strings.Join(args, ", ") + ")"
}

func resultOf(e entry) string {
	text := strconv.Itoa(e.Ret)
	switch {
	case e.Errno != "":
		return text + " " + e.Errno
	case (e.Call == "read" || e.Call == "recv") && e.Ret > 0:
		return text + " " + cut(e.Data)
	case e.Call == "poll":
		return text + " " + sortedWords(e.Note)
	}
	return text
}

// cut quotes a text as strace -s 32 does.
func cut(text string) string {
	if len(text) > 32 {
		return strconv.Quote(text[:32]) + "..."
	}
	return strconv.Quote(text)
}

func sortedWords(text string) string {
	words := strings.Fields(text)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// traceLine is one line of strace -f: the thread and what it did.
var traceLine = regexp.MustCompile(`(?m)^(\d+) +(.*)$`)

// traced reads the output of strace. A call that another thread interrupted is put
// together again, where it began.
func traced(t testing.TB, text string) actions {
	t.Helper()
	type line struct {
		tid  int
		text string
	}
	var lines []line
	begun := map[int]int{}
	for _, m := range traceLine.FindAllStringSubmatch(text, -1) {
		tid, _ := strconv.Atoi(m[1])
		if start, found := strings.CutSuffix(m[2], " <unfinished ...>"); found {
			begun[tid] = len(lines)
			lines = append(lines, line{tid, start})
			continue
		}
		if i, ok := begun[tid]; ok && strings.HasPrefix(m[2], "<... ") {
			_, rest, _ := strings.Cut(m[2], " resumed>")
			lines[i].text += rest
			delete(begun, tid)
			continue
		}
		lines = append(lines, line{tid, m[2]})
	}
	s := &tracer{seen: actions{}, processOf: map[int]int{}, sockets: map[int]map[string]bool{}, sigpipe: map[int]string{}, ordered: map[int]bool{}}
	for _, l := range lines {
		s.line(l.tid, l.text)
	}
	return s.seen
}

// tracer follows the processes through the lines of strace.
type tracer struct {
	seen      actions
	processOf map[int]int             // of a thread that was cloned
	sockets   map[int]map[string]bool // the descriptors of a process that are sockets
	sigpipe   map[int]string          // the disposition of SIGPIPE, by process
	ordered   map[int]bool            // the processes that have waited for their first order
}

// traceCall is a call with its arguments and what it returned.
var traceCall = regexp.MustCompile(`^(\w+)\((.*)\) += (.*)$`)

func (s *tracer) line(tid int, text string) {
	pid := tid
	if p, ok := s.processOf[tid]; ok {
		pid = p
	}
	switch {
	case strings.HasPrefix(text, "--- SIGPIPE "):
		if s.sigpipe[pid] == "handler" {
			s.add(pid, "handled SIGPIPE")
		}
	case strings.HasPrefix(text, "+++ killed by "):
		if name := strings.Fields(text)[3]; tid == pid {
			s.add(pid, fmt.Sprintf("killed by %s, exit %d", name, 128+int(unix.SignalNum(name))))
		}
	default:
		m := traceCall.FindStringSubmatch(text)
		if m == nil { // it never returned
			m = []string{"", "", strings.TrimRight(text, ") "), "?"}
			m[1], m[2], _ = strings.Cut(m[2], "(")
		}
		s.call(pid, m[1], m[2], m[3])
	}
}

func (s *tracer) add(pid int, action string) { s.seen[pid] = append(s.seen[pid], action) }

// call takes one call, if it is one of the program's.
func (s *tracer) call(pid int, name, args, result string) {
	fd, rest, _ := strings.Cut(args, ", ")
	switch name {
	case "clone", "clone3", "vfork":
		s.clone(pid, args, result)
	case "rt_sigaction":
		s.sigaction(pid, args, result)
	case "recvmsg":
		s.ordered[pid] = s.ordered[pid] || fd == "0"
	case "socket":
		if s.ordered[pid] && strings.HasPrefix(args, "AF_INET") {
			s.open(pid, result)
			s.add(pid, "socket("+strings.ReplaceAll(args, "IPPROTO_IP", "0")+") = "+result)
		}
	case "poll", "ppoll":
		if m := tracePoll.FindStringSubmatch(args); m != nil {
			s.onSocket(pid, name, m[1], rest, result)
		}
	default:
		s.onSocket(pid, name, fd, rest, result)
	}
}

// onSocket takes a call on a descriptor, if that is a socket.
func (s *tracer) onSocket(pid int, name, fd, rest, result string) {
	if !s.ordered[pid] || !s.sockets[pid][fd] {
		return
	}
	switch name {
	case "accept4", "accept", "dup":
		s.open(pid, result)
	case "close":
		delete(s.sockets[pid], fd)
	}
	s.add(pid, asLogged(name, fd, rest, result))
}

func (s *tracer) open(pid int, fd string) {
	if s.sockets[pid] == nil {
		s.sockets[pid] = map[string]bool{}
	}
	s.sockets[pid][fd] = true
}

// clone follows threads, and takes a new process of a program under test, which
// has the sockets of the one that forked.
func (s *tracer) clone(pid int, args, result string) {
	child, err := strconv.Atoi(strings.Fields(result + " ?")[0])
	switch {
	case err != nil || child <= 0:
	case strings.Contains(args, "CLONE_THREAD"):
		s.processOf[child] = pid
	default:
		s.sockets[child] = maps.Clone(s.sockets[pid])
		s.add(pid, fmt.Sprintf("fork() = %d", child))
	}
}

// sigaction takes a disposition of SIGPIPE.
func (s *tracer) sigaction(pid int, args, result string) {
	m := traceAction.FindStringSubmatch(args)
	if m == nil {
		return
	}
	how := m[1]
	if strings.HasPrefix(how, "0x") {
		how = "handler"
	}
	s.sigpipe[pid] = how
	if !s.ordered[pid] {
		return
	}
	s.add(pid, "rt_sigaction(SIGPIPE, "+how+") = "+result)
}
