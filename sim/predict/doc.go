// Package predict asks a person what a step will do, before it is done.
//
//	log ──▶ Asker ──Questions(step)──▶ Question ──Judge(events of the step)──▶ which answer was right
//	          └ the model, which follows the log and plays the step on a copy
//
// A Question is about one thing: what a call does, in which state an end will be, what a kernel
// sends, who waits in TIME_WAIT. What one may claim about it is a Claim, a comparable value.
// Exactly one Claim about a thing is true after a step, so that of different answers never two
// are right. The Claim that the model makes is among the answers; the others come of a bank of
// common mistakes, each with the reason for which it is wrong here. A question with fewer than
// two such mistakes is not asked, nor one about a step that shows nothing, nor any where the
// model does not follow the log.
//
// The model only proposes. Judge says what is true by what the log has of the step, which is
// what the kernel did: it confirms the answer of the model or corrects it.
//
// Questions and answers are no events. A log says what happened, and which questions there are
// follows from it: whoever replays a log can be asked anew. What a person has answered belongs
// to the person.
//
//	asker.go          the fold over the log, and the model that follows it
//	question.go       questions, claims, and what is true after a step
//	situation.go      what mistakes and reasons look at
//	topics.go         which questions a step has, how telling each is, its answers
//	claimed.go        what a mistake is; the bank
//	mistakes_*.go     common mistakes and why they are wrong, right answers and why
//	words.go          questions and answers as text, by package lang
//
// The package is pure, as sim is.
package predict
