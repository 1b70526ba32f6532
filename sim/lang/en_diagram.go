package lang

// englishDiagram returns the words of the state diagram.
func englishDiagram() Diagram {
	return Diagram{
		Both:     "client, server",
		Walked:   func(end, what string) string { return end + ": " + what },
		Exit:     "exit",
		Timeout:  "timeout",
		NotDrawn: "not drawn",
	}
}
