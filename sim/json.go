package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// An event is one JSON object: t, step, kind, at, then the fields of its body in the order of
// their declaration. What a body's tags declare is read as it is written. The bodies whose
// JSON has another shape than they have a form of their own here.

// head is what the JSON of all events begins with.
type head struct {
	T    micros `json:"t"`
	Step int    `json:"step"`
	Kind Kind   `json:"kind"`
	At   End    `json:"at,omitempty"`
}

// micros is a time that is written in whole microseconds, millis in whole milliseconds.
type (
	micros float64
	millis float64
)

func (t micros) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(t), 'f', 6, 64), nil
}

func (t millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(t), 'f', 3, 64), nil
}

// MarshalJSON returns the event as one JSON object on one line.
func (e Event) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(head{micros(e.T), e.Step, e.Kind(), e.At})
	if err != nil || e.Body == nil {
		return text, err
	}
	body, err := json.Marshal(e.Body)
	if err != nil || len(body) <= len("{}") {
		return text, err
	}
	text[len(text)-1] = ','
	return append(text, body[1:]...), nil
}

// UnmarshalJSON reads what MarshalJSON writes, exactly. Fields that it does not know are left
// out, and what is missing is zero: the error is about what is there and cannot be meant.
func (e *Event) UnmarshalJSON(text []byte) error {
	var h head
	if err := json.Unmarshal(text, &h); err != nil {
		return fmt.Errorf("event: %w", err)
	}
	read, known := readers[h.Kind]
	if !known {
		return fmt.Errorf("event: there is no kind %q", h.Kind)
	}
	body, err := read(text)
	if err != nil {
		return fmt.Errorf("event of kind %s: %w", h.Kind, err)
	}
	*e = Event{T: Seconds(h.T), Step: h.Step, At: h.At, Body: body}
	return nil
}

// readers read the bodies, by kind.
var readers = map[Kind]func([]byte) (Body, error){
	KindLab: readLab, KindStep: readStep, KindStart: readBody[ProcessStarted],
	KindCall: readBody[CallEntered], KindReturn: readBody[CallReturned], KindBlocked: readBody[CallBlocked],
	KindHeld: readBody[CallHeld], KindOutput: readBody[Printed],
	KindSignal: readBody[SignalTaken], KindExit: readBody[ProcessExited],
	KindState: readBody[StateChanged], KindSegment: readBody[SegmentMoved],
	KindTimer: readBody[TimerChanged], KindQueues: readBody[QueuesChanged], KindCable: readBody[CableChanged],
	KindRefused: readBody[StepRefused], KindSettled: readBody[StepSettled],
	KindVerdict: readBody[Verdict], KindSilent: readBody[ModelSilent], KindExpect: readBody[ExpectationChecked],
}

func readBody[B Body](text []byte) (Body, error) {
	var b B
	err := json.Unmarshal(text, &b)
	return b, err
}

func readLab(text []byte) (Body, error) {
	b := LabOpened{&Setting{}} // also where the log says nothing of it
	err := json.Unmarshal(text, &b)
	return b, err
}

func readStep(text []byte) (Body, error) {
	var b StepBegun
	err := json.Unmarshal(text, &b)
	if err == nil && b.Step.Verb == "" { // nothing is said of it
		_, err = ParseStep("")
	}
	return b, err
}

// callForm is the JSON of a call: its arguments stand there as C spells them, and the data of
// a write a second time where those show only their beginning.
type callForm struct {
	PID     int      `json:"pid"`
	TID     int      `json:"tid,omitempty"`
	Name    CallName `json:"call"`
	FD      *int     `json:"fd,omitempty"` // nil for NoFD
	Args    []string `json:"args"`
	Written bytes    `json:"written,omitempty"`
	Refers  int      `json:"conn,omitempty"`
}

func formOf(pid, tid int, c Call, refers int) callForm {
	f := callForm{PID: pid, TID: tid, Name: c.Name, Args: append([]string{}, c.Args()...), Refers: refers}
	if c.FD != NoFD {
		f.FD = &c.FD
	}
	if c.Text == nil && len(c.Data) > ShownBytes {
		f.Written = bytes(c.Data)
	}
	return f
}

// call returns the call of the form.
func (f callForm) call() Call {
	fd := NoFD
	if f.FD != nil {
		fd = *f.FD
	}
	c := ReadCall(f.Name, fd, f.Args)
	if f.Written == "" {
		return c
	}
	full := ReadCall(f.Name, fd, append([]string{strconv.QuoteToASCII("")}, f.Args[min(1, len(f.Args)):]...))
	full.Data = []byte(f.Written)
	if full.Text == nil && slices.Equal(full.Args(), f.Args) {
		return full
	}
	return c
}

// MarshalJSON writes the call in its form.
func (b CallEntered) MarshalJSON() ([]byte, error) {
	return json.Marshal(formOf(b.PID, b.TID, b.Call, b.Refers))
}

// UnmarshalJSON reads the form of a call.
func (b *CallEntered) UnmarshalJSON(text []byte) error {
	var f callForm
	err := json.Unmarshal(text, &f)
	*b = CallEntered{f.PID, f.TID, f.call(), f.Refers}
	return err
}

// MarshalJSON writes the call in its form.
func (b CallHeld) MarshalJSON() ([]byte, error) {
	return json.Marshal(formOf(b.PID, b.TID, b.Call, 0))
}

// UnmarshalJSON reads the form of a call.
func (b *CallHeld) UnmarshalJSON(text []byte) error {
	var f callForm
	err := json.Unmarshal(text, &f)
	*b = CallHeld{f.PID, f.TID, f.call()}
	return err
}

// MarshalJSON writes the call in its form.
func (b CallBlocked) MarshalJSON() ([]byte, error) {
	return json.Marshal(formOf(b.PID, b.TID, b.Call, 0))
}

// UnmarshalJSON reads the form of a call.
func (b *CallBlocked) UnmarshalJSON(text []byte) error {
	var f callForm
	err := json.Unmarshal(text, &f)
	*b = CallBlocked{f.PID, f.TID, f.call()}
	return err
}

// returnForm is the JSON of a call and its result.
type returnForm struct {
	callForm
	Ret   int    `json:"ret"`
	Errno string `json:"errno,omitempty"`
	Data  bytes  `json:"data,omitempty"`
	Note  string `json:"note,omitempty"`
}

// MarshalJSON writes the call and its result in their form.
func (b CallReturned) MarshalJSON() ([]byte, error) {
	r := b.Result
	return json.Marshal(returnForm{formOf(b.PID, b.TID, b.Call, b.Refers), r.Ret, r.Errno, bytes(r.Data), r.Note})
}

// UnmarshalJSON reads the form of a call and its result.
func (b *CallReturned) UnmarshalJSON(text []byte) error {
	var f returnForm
	err := json.Unmarshal(text, &f)
	*b = CallReturned{f.PID, f.TID, f.call(), Result{Ret: f.Ret, Errno: f.Errno, Data: string(f.Data), Note: f.Note}, f.Refers}
	return err
}

// segmentForm is the JSON of news of a segment. Only one that is held on the way has a number.
type segmentForm struct {
	Conn  int   `json:"conn"`
	Flags Flags `json:"flags"`
	Seq   Seq   `json:"seq"`
	Ack   Seq   `json:"ack"`
	Len   int   `json:"len"`
	Fate  Fate  `json:"fate"`
	*heldForm
	By Source `json:"by"`
}

type heldForm struct {
	ID     int  `json:"id"`
	Copies int  `json:"copies"`
	Resent bool `json:"resent"`
}

// MarshalJSON writes the segment in its form.
func (b SegmentMoved) MarshalJSON() ([]byte, error) {
	s := b.Segment
	f := segmentForm{Conn: b.Conn, Flags: s.Flags, Seq: s.Seq, Ack: s.Ack, Len: s.Len, Fate: s.Fate, By: b.By}
	if s.ID != 0 {
		f.heldForm = &heldForm{s.ID, s.Copies, s.Resent}
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads the form of a segment.
func (b *SegmentMoved) UnmarshalJSON(text []byte) error {
	f := segmentForm{heldForm: &heldForm{}}
	err := json.Unmarshal(text, &f)
	*b = SegmentMoved{f.Conn, Segment{
		Flags: f.Flags, Seq: f.Seq, Ack: f.Ack, Len: f.Len, Fate: f.Fate, ID: f.ID, Copies: f.Copies, Resent: f.Resent,
	}, f.By}
	return err
}

// timerForm is the JSON of a timer.
type timerForm struct {
	Conn        int    `json:"conn"`
	Timer       string `json:"timer"`
	Expires     millis `json:"expires"`
	Retransmits int    `json:"retransmits"`
}

// MarshalJSON writes the timer in its form.
func (b TimerChanged) MarshalJSON() ([]byte, error) {
	return json.Marshal(timerForm{b.Conn, b.Timer, millis(b.Expires), b.Retransmits})
}

// UnmarshalJSON reads the form of a timer.
func (b *TimerChanged) UnmarshalJSON(text []byte) error {
	var f timerForm
	err := json.Unmarshal(text, &f)
	*b = TimerChanged{f.Conn, f.Timer, Seconds(f.Expires), f.Retransmits}
	return err
}

// bytes are data of a program. Text in UTF-8 is a JSON string, other bytes are an object
// {"base64": "..."}: a JSON string cannot have them.
type bytes string

type base64Form struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes the bytes as a string, if they are text.
func (b bytes) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(b)) {
		return json.Marshal(string(b))
	}
	return json.Marshal(base64Form{[]byte(b)})
}

// UnmarshalJSON reads a string, or the object of other bytes.
func (b *bytes) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		var f base64Form
		err := json.Unmarshal(text, &f)
		*b = bytes(f.Base64)
		return err
	}
	var s string
	err := json.Unmarshal(text, &s)
	*b = bytes(s)
	return err
}

// MarshalText returns the step as it is written.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a step as ParseStep does.
func (s *Step) UnmarshalText(text []byte) (err error) {
	*s, err = ParseStep(string(text))
	return err
}

// MarshalText returns the state as the kernel spells it.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state as ParseState does.
func (s *State) UnmarshalText(text []byte) error {
	state, ok := ParseState(string(text))
	if !ok {
		return fmt.Errorf("there is no state %q", text)
	}
	*s = state
	return nil
}

// MarshalText returns the names of the set bits, as String does.
func (f Flags) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what String writes.
func (f *Flags) UnmarshalText(text []byte) error {
	flags, ok := ParseFlags(string(text))
	if none := Flags(0).String(); !ok && string(text) != none {
		return fmt.Errorf("there are no flags %q", text)
	}
	*f = flags
	return nil
}
