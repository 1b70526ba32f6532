package lang

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim"
)

// englishStep says what a step does. An end acts, or a person at the wire does.
func englishStep(s sim.Step) string {
	switch {
	case s.Verb == sim.VerbKill:
		return fmt.Sprintf("%s to %s", s.How, englishActor(s))
	case s.Verb == sim.VerbStart:
		return fmt.Sprintf("a new %s starts", s.At)
	case s.At == "":
		return englishLabStep(s)
	}
	words := englishActor(s) + " " + englishAction(s)
	for t := s.Then; t != nil; t = t.Then {
		words += ", then " + englishAction(*t)
	}
	return words
}

// englishActor names the process that a step of one end is about.
func englishActor(s sim.Step) string {
	if s.Parent {
		return fmt.Sprintf("the %s's parent", s.At)
	}
	return fmt.Sprintf("the %s", s.At)
}

// englishAction says what an end does, without naming it.
func englishAction(s sim.Step) string {
	switch s.Verb {
	case sim.VerbNext:
		return "makes the call that it is held at"
	case sim.VerbSkip:
		return "skips its sleep"
	case sim.VerbType:
		return "is typed " + strconv.Quote(s.Data)
	case sim.VerbListen:
		if s.How != "" {
			return "listens, without SO_REUSEADDR"
		}
		return "listens"
	case sim.VerbConnect:
		if s.At == sim.Server {
			return "connects to the client"
		}
		return "connects"
	case sim.VerbAccept:
		return "accepts"
	case sim.VerbWrite:
		what := strconv.Quote(s.Data)
		if s.N > 0 {
			what = count(s.N, "byte", "bytes")
		}
		if s.NoSignal {
			what += " with MSG_NOSIGNAL"
		}
		return "writes " + what
	case sim.VerbRead:
		how := "reads"
		if s.How == sim.ReadPeek {
			how = "peeks at"
		}
		return fmt.Sprintf("%s up to %s", how, count(s.N, "byte", "bytes"))
	case sim.VerbShutdown:
		return "shuts down " + map[string]string{"rd": "reading", "wr": "writing", "rdwr": "both directions"}[s.How]
	case sim.VerbClose:
		return "closes" + englishClosed(s)
	case sim.VerbDup:
		return "duplicates its descriptor"
	case sim.VerbFork:
		return "forks"
	case sim.VerbPoll:
		return "polls"
	case sim.VerbError:
		return "takes its pending error"
	}
	return englishOption(s)
}

// englishClosed says what a close is about, where that is not the connection.
func englishClosed(s sim.Step) string {
	switch s.How {
	case sim.OfListener:
		return " its listener"
	case "":
		return ""
	}
	return fmt.Sprintf(" descriptor %d", s.N)
}

// englishOption says what an end sets: an option of a socket, or what SIGPIPE does to it.
func englishOption(s sim.Step) string {
	var words string
	switch s.Verb {
	case sim.VerbSigpipe:
		return map[string]string{
			sim.SigpipeDefault: "gives SIGPIPE its default action", sim.SigpipeIgnore: "ignores SIGPIPE", sim.SigpipeHandler: "installs a handler for SIGPIPE",
		}[s.How]
	case sim.VerbLinger:
		words = fmt.Sprintf("sets SO_LINGER to %d s", s.N)
		if s.N == sim.LingerOff {
			words = "turns SO_LINGER off"
		}
	case sim.VerbLinger2:
		words = fmt.Sprintf("sets TCP_LINGER2 to %d s", s.N)
		if s.N == sim.Linger2None {
			words = "sets TCP_LINGER2 to none"
		}
	case sim.VerbKeepalive:
		words = fmt.Sprintf("sets SO_KEEPALIVE: after %s, every %s, %s", englishTime(s.For), englishTime(s.Every), count(s.N, "probe", "probes"))
	case sim.VerbUserTimeout:
		words = fmt.Sprintf("sets TCP_USER_TIMEOUT to %s", englishTime(s.For))
	default:
		return string(s.Verb)
	}
	if s.How == sim.OfListener {
		words += ", on its listener"
	}
	return words
}

// englishLabStep says what a step of the whole lab does.
func englishLabStep(s sim.Step) string {
	switch s.Verb {
	case sim.VerbWait:
		return "wait " + englishAwaited(s)
	case sim.VerbDeliver, sim.VerbDrop:
		return fmt.Sprintf("%s %s", s.Verb, englishPicked(s))
	case sim.VerbDuplicate:
		return "deliver a copy of " + englishPicked(s)
	case sim.VerbSwap:
		return fmt.Sprintf("the %s's second segment overtakes the first", s.From)
	case sim.VerbCut, sim.VerbMend:
		return fmt.Sprintf("%s the cable", s.Verb)
	case sim.VerbAuto:
		if s.How == "on" {
			return "let the wire deliver by itself"
		}
		return "let the wire hold every segment"
	}
	return s.String()
}

// englishPicked names the segments on the wire that a step chooses.
func englishPicked(s sim.Step) string {
	switch {
	case s.N != 0:
		return fmt.Sprintf("segment %d", s.N)
	case s.How == sim.PickAll:
		return "all segments"
	case s.From != "":
		return fmt.Sprintf("the %s's segment", s.From)
	}
	return "the next segment"
}

// englishAwaited says what a wait waits for.
func englishAwaited(s sim.Step) string {
	var words []string
	switch s.How {
	case sim.WaitState:
		words = append(words, fmt.Sprintf("until the %s is %s", s.From, s.Until))
	case sim.WaitFlight:
		words = append(words, fmt.Sprintf("until the %s has sent something", s.From))
	default:
		return englishTime(s.For)
	}
	if s.For > 0 {
		words = append(words, fmt.Sprintf("at most %s", englishTime(s.For)))
	}
	return strings.Join(words, ", ")
}

// englishTime spells a time that a step gives.
func englishTime(t sim.Seconds) string {
	if t < 1 {
		return fmt.Sprintf("%.0f ms", float64(t)*1000)
	}
	return strconv.FormatFloat(float64(t), 'f', -1, 64) + " s"
}
