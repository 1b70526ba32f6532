package lang

// Predict has the words of questions about the next step, and of their answers.
type Predict struct {
	// What is asked. end is the name of an end.
	Call      func(end, call string) string // what a call does that the step makes
	Waiting   func(end, call string) string // what becomes of a call that waits
	State     func(end string) string
	Segment   func(end string) string
	TimeWait  string
	Poll      func(end string) string
	SocketErr func(end string) string

	// What may be answered.
	Returns   func(n int) string
	Fails     func(errno string) string
	AndLives  func(answer string) string      // beside a signal that ends the process
	Ends      func(signal, end string) string // a signal ends the process of an end
	Blocks    string
	GoesOn    string // a call that has waited waits on
	Nothing   string // is sent, or is reported
	NoError   string
	Data      string // is sent
	DataAnd   func(flags string) string
	Both      string
	Neither   string
	SomeOther string // the kernel did something that is none of the answers

	Heading string // of a question

	Tally func(right, of int) string // how many answers were right so far

	// The score at the end of a lesson.
	Score       func(right, of int) string
	LookAgain   func(steps []string) string // the numbers of steps
	LookAgainAt string                      // before a list of steps

	Why map[Reason]string // one sentence for each
}

// Reason names the sentence that says why an answer is right, or wrong.
type Reason string

// Why an answer is wrong.
const (
	WhyNothingTold          Reason = "nothing-told"
	WhyNoResetYet           Reason = "no-reset-yet"
	WhySignalWithEPIPE      Reason = "signal-with-epipe"
	WhyNotGivenUp           Reason = "not-given-up"
	WhyNoWaitForACK         Reason = "no-wait-for-ack"
	WhyResetHasCome         Reason = "reset-has-come"
	WhyHasShutDown          Reason = "has-shut-down"
	WhyDefaultEnds          Reason = "default-ends"
	WhyNoSignalAsked        Reason = "no-signal-asked"
	WhySignalIgnored        Reason = "signal-ignored"
	WhySignalHandled        Reason = "signal-handled"
	WhyResetInCloseWait     Reason = "reset-in-close-wait"
	WhyReportedOnce         Reason = "reported-once"
	WhyNoResetButShutDown   Reason = "no-reset-but-shut-down"
	WhySignalIsNoErrno      Reason = "signal-is-no-errno"
	WhyEPIPEInCloseWait     Reason = "epipe-in-close-wait"
	WhySignalWithEPIPEOnly  Reason = "signal-with-epipe-only"
	WhyNobodyAnswered       Reason = "nobody-answered"
	WhyGivenUp              Reason = "given-up"
	WhyBufferFull           Reason = "buffer-full"
	WhyBlockingDescriptor   Reason = "blocking-descriptor"
	WhyMinusOneIsError      Reason = "minus-one-is-error"
	WhyFINIsNoError         Reason = "fin-is-no-error"
	WhyFINCameFirst         Reason = "fin-came-first"
	WhyNothingToWaitFor     Reason = "nothing-to-wait-for"
	WhyEPIPEIsForWriters    Reason = "epipe-is-for-writers"
	WhyDataFirst            Reason = "data-first"
	WhyQueueOutlivesReset   Reason = "queue-outlives-reset"
	WhyDataAreThere         Reason = "data-are-there"
	WhyZeroIsForFIN         Reason = "zero-is-for-fin"
	WhySignalIsForWriters   Reason = "signal-is-for-writers"
	WhyNoFINYet             Reason = "no-fin-yet"
	WhyKernelShakesHands    Reason = "kernel-shakes-hands"
	WhySomebodyListens      Reason = "somebody-listens"
	WhySYNWasAnswered       Reason = "syn-was-answered"
	WhyNobodyListens        Reason = "nobody-listens"
	WhyResetIsAnAnswer      Reason = "reset-is-an-answer"
	WhyResetInSynSent       Reason = "reset-in-syn-sent"
	WhyAcceptHandsItOut     Reason = "accept-hands-it-out"
	WhyNothingToShutDown    Reason = "nothing-to-shut-down"
	WhyShutdownTakesNoError Reason = "shutdown-takes-no-error"
	WhyCloseReportsNothing  Reason = "close-reports-nothing"
	WhyPortIsHeld           Reason = "port-is-held"
	WhyBindNeverWaits       Reason = "bind-never-waits"
	WhyReuseAddrAllows      Reason = "reuseaddr-allows"
	WhyRefusedIsForConnect  Reason = "refused-is-for-connect"
	WhyERRPending           Reason = "err-pending"
	WhyERRNeedsError        Reason = "err-needs-error"
	WhyHUPNeedsBoth         Reason = "hup-needs-both"
	WhyBothAreOver          Reason = "both-are-over"
	WhyFINIsHere            Reason = "fin-is-here"
	WhyNotReportedYet       Reason = "not-reported-yet"
	WhyOtherHolds           Reason = "other-holds"
	WhyNeedsOtherFIN        Reason = "needs-other-fin"
	WhyFINIsAcknowledged    Reason = "fin-is-acknowledged"
	WhyFINNotAcknowledged   Reason = "fin-not-acknowledged"
	WhyOtherWayIsOpen       Reason = "other-way-is-open"
	WhyCloseWaitHasFIN      Reason = "close-wait-has-fin"
	WhyNoFINOfItsOwn        Reason = "no-fin-of-its-own"
	WhyKernelTakesFIN       Reason = "kernel-takes-fin"
	WhyMayStillSend         Reason = "may-still-send"
	WhyFirstFIN             Reason = "first-fin"
	WhyFinWaitIsFirst       Reason = "fin-wait-is-first"
	WhyHasSentFIN           Reason = "has-sent-fin"
	WhyFINIsNoACK           Reason = "fin-is-no-ack"
	WhySomebodyRemembers    Reason = "somebody-remembers"
	WhyBothFINsAreHere      Reason = "both-fins-are-here"
	WhyFirstWaits           Reason = "first-waits"
	WhyResetEndsAtOnce      Reason = "reset-ends-at-once"
	WhyResetIsNoFIN         Reason = "reset-is-no-fin"
	WhyTimeIsOver           Reason = "time-is-over"
	WhyThirdIsMissing       Reason = "third-is-missing"
	WhyListenerStays        Reason = "listener-stays"
	WhySynSentIsActive      Reason = "syn-sent-is-active"
	WhyHandshakeIsDone      Reason = "handshake-is-done"
	WhyAcceptIsNoState      Reason = "accept-is-no-state"
	WhyOnlyCrossing         Reason = "only-crossing"
	WhyNeitherWasFirst      Reason = "neither-was-first"
	WhyResetEndsBoth        Reason = "reset-ends-both"
	WhyUnreadResets         Reason = "unread-resets"
	WhyLingerResets         Reason = "linger-resets"
	WhyCloseNeverWaits      Reason = "close-never-waits"
	WhyResetIsSent          Reason = "reset-is-sent"
	WhyKernelCloses         Reason = "kernel-closes"
	WhyLastDescriptor       Reason = "last-descriptor"
	WhyResetNeedsUnread     Reason = "reset-needs-unread"
	WhyACKIsAnAnswer        Reason = "ack-is-an-answer"
	WhyNobodyReads          Reason = "nobody-reads"
	WhyNoSocket             Reason = "no-socket"
	WhyNeedsListener        Reason = "needs-listener"
	WhyKernelAnswers        Reason = "kernel-answers"
	WhyResetNotFIN          Reason = "reset-not-fin"
	WhyTimeWaitAnswers      Reason = "time-wait-answers"
	WhyFINWasSent           Reason = "fin-was-sent"
)

// Why an answer is right.
const (
	BecauseFINLeavesOneWay       Reason = "because-fin-leaves-one-way"
	BecauseBuffered              Reason = "because-buffered"
	BecauseShutDownKills         Reason = "because-shut-down-kills"
	BecauseResetKills            Reason = "because-reset-kills"
	BecauseOverKills             Reason = "because-over-kills"
	BecauseNoSignalAsked         Reason = "because-no-signal-asked"
	BecauseSignalIgnored         Reason = "because-signal-ignored"
	BecauseSignalHandled         Reason = "because-signal-handled"
	BecauseResetIsReported       Reason = "because-reset-is-reported"
	BecauseGivenUp               Reason = "because-given-up"
	BecauseBufferFull            Reason = "because-buffer-full"
	BecauseEndOfFileStays        Reason = "because-end-of-file-stays"
	BecauseReportedOnce          Reason = "because-reported-once"
	BecauseShutRD                Reason = "because-shut-rd"
	BecauseEndOfFile             Reason = "because-end-of-file"
	BecauseQueueOutlives         Reason = "because-queue-outlives"
	BecauseDataBeforeFIN         Reason = "because-data-before-fin"
	BecauseOtherWayOpen          Reason = "because-other-way-open"
	BecauseDataAreThere          Reason = "because-data-are-there"
	BecauseHeldElsewhere         Reason = "because-held-elsewhere"
	BecauseNothingCame           Reason = "because-nothing-came"
	BecauseKernelShakesHands     Reason = "because-kernel-shakes-hands"
	BecauseRefused               Reason = "because-refused"
	BecauseHandedOut             Reason = "because-handed-out"
	BecauseNotConnected          Reason = "because-not-connected"
	BecauseCloseReportsNothing   Reason = "because-close-reports-nothing"
	BecausePortIsHeld            Reason = "because-port-is-held"
	BecauseReuseAddr             Reason = "because-reuseaddr"
	BecauseERR                   Reason = "because-err"
	BecauseHUP                   Reason = "because-hup"
	BecauseRDHUP                 Reason = "because-rdhup"
	BecausePending               Reason = "because-pending"
	BecauseNothingPending        Reason = "because-nothing-pending"
	BecauseOtherHolds            Reason = "because-other-holds"
	BecauseFINAcknowledged       Reason = "because-fin-acknowledged"
	BecauseFINSent               Reason = "because-fin-sent"
	BecauseFINCame               Reason = "because-fin-came"
	BecauseSecondFIN             Reason = "because-second-fin"
	BecauseFINsCrossed           Reason = "because-fins-crossed"
	BecauseBothFINs              Reason = "because-both-fins"
	BecauseResetEnds             Reason = "because-reset-ends"
	BecauseSecondFINAcknowledged Reason = "because-second-fin-acknowledged"
	BecauseTimeWaitOver          Reason = "because-time-wait-over"
	BecauseOrphanTime            Reason = "because-orphan-time"
	BecauseSYNAnswered           Reason = "because-syn-answered"
	BecauseHandshakeDone         Reason = "because-handshake-done"
	BecauseItWasFirst            Reason = "because-it-was-first"
	BecauseNeitherWasFirst       Reason = "because-neither-was-first"
	BecauseResetEndsBoth         Reason = "because-reset-ends-both"
	BecauseUnread                Reason = "because-unread"
	BecauseLinger                Reason = "because-linger"
	BecauseNobodyThere           Reason = "because-nobody-there"
	BecauseNoListener            Reason = "because-no-listener"
	BecauseNoSocket              Reason = "because-no-socket"
	BecauseKernelCloses          Reason = "because-kernel-closes"
	BecauseLastDescriptor        Reason = "because-last-descriptor"
	BecauseACKWasLost            Reason = "because-ack-was-lost"
)
