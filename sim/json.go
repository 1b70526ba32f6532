package sim

import (
	"encoding/json"
	"strconv"
)

// MarshalJSON returns the event as one JSON object on one line: t, step and kind,
// then the fields of the kind in a fixed order, zero values included.
func (e Event) MarshalJSON() ([]byte, error) {
	o := object{buf: make([]byte, 0, 160)}
	o.raw("t", strconv.AppendFloat(nil, float64(e.T), 'f', 6, 64))
	o.int("step", e.Step)
	o.str("kind", string(e.Kind))
	e.fields(&o)
	return append(o.buf, '}'), nil
}

// fields adds what the event's kind has to say.
func (e Event) fields(o *object) {
	switch e.Kind {
	case KindLab:
		o.lab(e.Lab)
	case KindStep, KindRefused, KindCable, KindSilent:
		o.end(e.At)
		o.str("text", e.Text)
	case KindStart:
		o.end(e.At)
		o.int("pid", e.PID)
		if e.Forked {
			o.bool("forked", true)
		}
	case KindCall, KindReturn, KindBlocked:
		e.callFields(o)
	case KindSignal:
		o.end(e.At)
		o.int("pid", e.PID)
		o.str("signal", e.Signal)
		o.str("action", string(e.Action))
	case KindExit:
		o.end(e.At)
		o.int("pid", e.PID)
		o.int("status", e.Status)
		if e.Signal != "" {
			o.str("signal", e.Signal)
		}
	case KindExpect:
		o.str("text", e.Text)
		o.bool("ok", e.OK)
		o.str("got", e.Got)
	case KindVerdict:
		o.end(e.At)
		o.int("conn", e.Conn)
		o.str("what", string(e.What))
		o.str("model", e.Model)
		o.str("kernel", e.Kernel)
		o.bool("agree", e.OK)
	default:
		e.connFields(o)
	}
}

func (e Event) callFields(o *object) {
	o.end(e.At)
	o.int("pid", e.PID)
	o.str("call", string(e.Call.Name))
	if e.Call.FD != NoFD {
		o.int("fd", e.Call.FD)
	}
	if e.Kind == KindCall {
		o.strs("args", e.Call.Args())
	}
	if e.Refers != 0 {
		o.int("conn", e.Refers)
	}
	if e.Kind != KindReturn {
		return
	}
	o.int("ret", e.Result.Ret)
	if e.Result.Errno != "" {
		o.str("errno", e.Result.Errno)
	}
	if e.Result.Data != "" {
		o.str("data", e.Result.Data)
	}
	if e.Result.Note != "" {
		o.str("note", e.Result.Note)
	}
}

// connFields adds the fields of the kinds that tell of one connection.
func (e Event) connFields(o *object) {
	switch e.Kind {
	case KindState:
		o.end(e.At)
		o.int("conn", e.Conn)
		o.str("from", e.From.String())
		o.str("to", e.To.String())
		if e.Orphan {
			o.bool("orphan", true)
		}
		o.str("by", string(e.By))
	case KindSegment:
		o.end(e.At)
		o.int("conn", e.Conn)
		o.str("flags", e.Segment.Flags.String())
		o.int("seq", int(e.Segment.Seq))
		o.int("ack", int(e.Segment.Ack))
		o.int("len", e.Segment.Len)
		o.str("fate", string(e.Segment.Fate))
		if e.Segment.ID != 0 {
			o.int("id", e.Segment.ID)
			o.int("copies", e.Segment.Copies)
			o.bool("resent", e.Segment.Resent)
		}
		o.str("by", string(e.By))
	case KindTimer:
		o.end(e.At)
		o.int("conn", e.Conn)
		o.str("timer", e.Timer)
		o.raw("expires", strconv.AppendFloat(nil, float64(e.Expires), 'f', 3, 64))
		o.int("retransmits", e.Retransmits)
	case KindQueues:
		o.end(e.At)
		o.int("conn", e.Conn)
		o.int("recvq", e.RecvQ)
		o.int("sendq", e.SendQ)
	}
}

// object builds one JSON object, field by field, in the order they are added.
type object struct{ buf []byte }

func (o *object) key(name string) {
	if len(o.buf) == 0 {
		o.buf = append(o.buf, '{')
	} else {
		o.buf = append(o.buf, ',')
	}
	o.buf = strconv.AppendQuote(o.buf, name)
	o.buf = append(o.buf, ':')
}

func (o *object) raw(name string, value []byte) {
	o.key(name)
	o.buf = append(o.buf, value...)
}

func (o *object) int(name string, n int) {
	o.key(name)
	o.buf = strconv.AppendInt(o.buf, int64(n), 10)
}

func (o *object) bool(name string, b bool) {
	o.key(name)
	o.buf = strconv.AppendBool(o.buf, b)
}

func (o *object) str(name, s string) {
	quoted, _ := json.Marshal(s) // a string always marshals
	o.raw(name, quoted)
}

func (o *object) strs(name string, list []string) {
	if list == nil {
		list = []string{}
	}
	quoted, _ := json.Marshal(list) // so does a list of strings
	o.raw(name, quoted)
}

// end adds the field at, unless the event is of the whole lab.
func (o *object) end(at End) {
	if at != "" {
		o.str("at", string(at))
	}
}

func (o *object) lab(l *Setting) {
	o.int("v", l.Log)
	o.int("grammar", l.Grammar)
	o.str("net", string(l.Net))
	o.str("capture", string(l.Capture))
	o.bool("private", l.Private)
	o.str("kernel", l.Kernel)
	o.str("client", l.Client)
	o.str("server", l.Server)
	o.str("lesson", l.Lesson)
	o.str("title", l.Title)
	if len(l.Sysctls) > 0 {
		quoted, _ := json.Marshal(l.Sysctls)
		o.raw("sysctls", quoted)
	}
	if l.Source != "" {
		o.str("source", l.Source)
	}
}
