package lang

// Catalogue is one language.
type Catalogue struct {
	Program        string // the name of the program
	Client, Server string // the two ends of a connection
	Screen
}

// English returns the English catalogue. It is shared.
func English() *Catalogue { return english }
