package sim

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is written of an event is read back, exactly.
func TestEventsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var again Event
		if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%s\nof   %#v\nreads %#v, %v", text, e, again, err)
		}
	})
}

// Every kind can be read.
func TestEveryKindIsRead(t *testing.T) {
	for _, sample := range samples {
		if sample.event.Body == nil {
			continue
		}
		var got Event
		if err := json.Unmarshal([]byte(sample.json), &got); err != nil || !reflect.DeepEqual(got, sample.event) {
			t.Errorf("%s: %v\ngot  %#v\nwant %#v", sample.name, err, got, sample.event)
		}
		if _, known := readers[sample.event.Kind()]; !known {
			t.Errorf("there is no reader of %s", sample.event.Kind())
		}
	}
}

// What cannot be meant is one error that says where.
func TestBadEventsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"party"}`:                             `event: there is no kind "party"`,
		`{}`:                                           `event: there is no kind ""`,
		`[]`:                                           "event: ",
		`{"kind":"state","from":"DEAD"}`:               `event of kind state: there is no state "DEAD"`,
		`{"kind":"step","text":"client dance"}`:        "event of kind step: ",
		`{"kind":"step"}`:                              "event of kind step: there is no step",
		`{"kind":"segment","flags":"FUN"}`:             `event of kind segment: there are no flags "FUN"`,
		`{"kind":"return","pid":"7"}`:                  "event of kind return: ",
		`{"kind":"exit","status":1e99}`:                "event of kind exit: ",
		`{"kind":"return","data":{"base64":"!"}}`:      "event of kind return: ",
		`{"kind":"lab","sysctls":[{"name":{}}]}`:       "event of kind lab: ",
		`{"kind":"timer","expires":"in a while"}`:      "event of kind timer: ",
		`{"kind":"call","args":{"0":"\"as a list\""}}`: "event of kind call: ",
	} {
		var e Event
		if err := json.Unmarshal([]byte(text), &e); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	var e Event
	if err := json.Unmarshal([]byte(`{"kind":"lab"}`), &e); err != nil || Of[LabOpened](e).Setting == nil {
		t.Errorf("a lab of which nothing is said: %v, %v", e, err)
	}
}

// Whatever a file holds, reading it does not panic, and what was read is written and read
// again as the same.
func FuzzReadEvent(f *testing.F) {
	for _, sample := range samples {
		f.Add(sample.json)
	}
	f.Add(`{"t":1e300,"kind":"call","call":"write","args":["\"x\"..."],"written":{"base64":"AA=="}}`)
	f.Add(`{"kind":"return","call":"setsockopt","args":["SOL_SOCKET","SO_LINGER","{1, 0}"],"fd":-2}`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, second Event
		if json.Unmarshal([]byte(text), &first) != nil {
			return
		}
		_ = first.String()
		once, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(once, &second); err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		again, err := json.Marshal(second)
		if err != nil || string(again) != string(once) {
			t.Errorf("%v\nonce  %s\nagain %s", err, once, again)
		}
	})
}
