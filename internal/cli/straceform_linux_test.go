package cli

import (
	"fmt"
	"regexp"
	"strings"
)

// How strace spells what the log says in its own way.

var (
	traceAddress = regexp.MustCompile(`^\{sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)\}, 16$`)
	traceLinger  = regexp.MustCompile(`^SOL_SOCKET, SO_LINGER, \{l_onoff=(\d+), l_linger=(\d+)\}, 8$`)
	traceOption  = regexp.MustCompile(`^(SOL_SOCKET, SO_\w+|SOL_TCP, TCP_\w+), \[(\d+)\], 4$`)
	traceData    = regexp.MustCompile(`^("(?:[^"\\]|\\.)*"(?:\.\.\.)?), (\d+)(?:, (MSG_\w+), NULL, (?:0|NULL))?$`)
	traceErrno   = regexp.MustCompile(`^-1 (E\w+) \(.*\)$`)
	traceAction  = regexp.MustCompile(`^SIGPIPE, \{sa_handler=(\w+)`)
	tracePoll    = regexp.MustCompile(`^\[\{fd=(\d+),`)
	traceRevents = regexp.MustCompile(`revents=([A-Z|]+)`)
)

// asLogged writes one call of strace as actionsOf does.
func asLogged(name, fd, rest, result string) string {
	if m := traceErrno.FindStringSubmatch(result); m != nil {
		result = "-1 " + m[1]
	}
	if strings.HasPrefix(result, "? ") { // ERESTARTSYS: it never returned
		result = "?"
	}
	call := func(name string, args ...string) string {
		return fmt.Sprintf("%s(%s) = %s", name, strings.Join(append([]string{fd}, args...), ", "), result)
	}
	switch name {
	case "accept4":
		return call("accept")
	case "bind", "connect":
		if m := traceAddress.FindStringSubmatch(rest); m != nil {
			rest = m[2] + ":" + m[1]
		}
	case "setsockopt":
		if m := traceLinger.FindStringSubmatch(rest); m != nil {
			rest = fmt.Sprintf("SOL_SOCKET, SO_LINGER, {%s, %s}", m[1], m[2])
		} else if m := traceOption.FindStringSubmatch(rest); m != nil {
			rest = strings.Replace(m[1], "SOL_TCP", "IPPROTO_TCP", 1) + ", " + m[2]
		}
	case "write", "sendto":
		m := traceData.FindStringSubmatch(rest)
		switch {
		case m == nil:
		case m[3] != "":
			return call("send", m[1], m[3])
		default:
			return call("write", m[1])
		}
	case "read", "recvfrom":
		return readAsLogged(fd, rest, result)
	case "poll", "ppoll":
		count, _, _ := strings.Cut(result, " ")
		events := ""
		if m := traceRevents.FindStringSubmatch(result); m != nil {
			events = sortedWords(strings.ReplaceAll(strings.ReplaceAll(m[1], "POLL", ""), "|", " "))
		}
		return fmt.Sprintf("poll(%s) = %s %s", fd, count, events)
	}
	if rest == "" {
		return call(name)
	}
	return call(name, rest)
}

// readAsLogged writes a read or a recv, whose data strace puts among the arguments.
func readAsLogged(fd, rest, result string) string {
	name, data, size := "read", "", rest[strings.LastIndexByte(rest, ' ')+1:]
	if m := traceData.FindStringSubmatch(rest); m != nil {
		if m[1] != `""` {
			data = " " + m[1]
		}
		if size = m[2]; m[3] != "" {
			name, size = "recv", m[2]+", "+m[3]
		}
	}
	if result == "?" {
		return fmt.Sprintf("%s(%s, …) = ?", name, fd)
	}
	return fmt.Sprintf("%s(%s, %s) = %s%s", name, fd, size, result, data)
}
