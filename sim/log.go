package sim

// Log is everything that happened, in order. It only grows.
type Log struct{ events []Event }

// Append adds events at the end.
func (l *Log) Append(events ...Event) { l.events = append(l.events, events...) }

// Len returns the number of events.
func (l *Log) Len() int { return len(l.events) }

// First returns the first k events. The slice is the log's own: read it, do not
// write to it. It stays valid while the log grows.
func (l *Log) First(k int) []Event { return l.events[:k:k] }

// All returns every event so far, under the terms of First.
func (l *Log) All() []Event { return l.First(l.Len()) }

// LastStep returns the events of the newest step, under the terms of First.
func LastStep(events []Event) []Event {
	if len(events) == 0 {
		return nil
	}
	i := len(events)
	for i > 0 && events[i-1].Step == events[len(events)-1].Step {
		i--
	}
	return events[i:]
}
