package lang

// english is the one English catalogue.
var english = newEnglish()

func newEnglish() *Catalogue {
	return &Catalogue{
		Program:    "finwait",
		Client:     "client",
		Server:     "server",
		Log:        englishLog(),
		Ladder:     englishLadder(),
		Transcript: englishTranscript(),
		Diagram:    englishDiagram(),
		Predict:    englishPredict(),
		Compare:    englishCompare(),
		Screen:     englishScreen(),
	}
}
