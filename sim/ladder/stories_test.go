package ladder_test

import "finwait/sim"

// The logs of the golden files: what a lab reports of each story.

type story struct {
	name string
	log  func() *script
}

var stories = []story{
	{"four-way", fourWay},
	{"three-segments", threeSegments},
	{"client-killed", clientKilled},
	{"sigpipe-ignored", sigpipeIgnored},
	{"handler", handler},
	{"blocked", blockedCalls},
	{"inferred", inferred},
	{"second-connection", secondConnection},
	{"refused", refusedStep},
	{"half-close", halfClose},
	{"fork", forked},
	{"linger", linger},
	{"crossing", crossing},
	{"restarted", restarted},
	{"differs", differs},
}

func fourWay() *script {
	s := newScript(sim.Captured).connected()
	s.clientCloses(1, 1)
	s.step("server read 100")
	s.does(server, 0, "read", 4, "100")
	s.serverCloses(1, 2)
	s.settled()
	s.sleep(60)
	s.orphan(client, sim.TimeWait, sim.Closed)
	return s
}

// differs is a client that is killed, as the kernel does it and a model that knows
// nothing of resets and SIGPIPE.
func differs() *script {
	s := newScript(sim.Captured).connected()
	s.killed("SIGINT", 130)
	s.agrees(client, sim.WhatState, "FIN_WAIT2, orphan")
	s.agrees(client, sim.WhatExit, "130")
	s.agrees(server, sim.WhatState, "CLOSE_WAIT")
	s.agrees(server, sim.WhatSegment, "ACK ack 2")
	s.resetByWrite("first message")
	s.differs(client, sim.WhatState, "FIN_WAIT2, orphan", "CLOSED")
	s.differs(client, sim.WhatSegment, "ACK ack 14", "RST seq 2")
	s.differs(server, sim.WhatState, "CLOSE_WAIT", "CLOSED")
	s.agrees(server, sim.WhatReturn, "write = 13")
	s.step(`server write "second message"`)
	s.call(server, "write", 4, `"second message"`)
	s.signal(server, "SIGPIPE", sim.Killed)
	s.exit(server, 141, "SIGPIPE")
	s.differs(server, sim.WhatSegment, "PSH ACK seq 14 ack 2 len 14", "")
	s.differs(server, sim.WhatReturn, "write = 14", "")
	s.differs(server, sim.WhatSignal, "", "SIGPIPE killed")
	s.differs(server, sim.WhatExit, "", "141")
	s.step("client start")
	s.start(client, 4123, false)
	s.conn++
	s.connect(40113)
	s.differs(client, sim.WhatSegment, "SYN seq 0; ACK ack 1; ACK ack 1", "SYN seq 0; ACK ack 1")
	s.differs(client, sim.WhatSegment, "FIN ACK seq 1 ack 2; PSH ACK seq 14 ack 2 len 14; RST seq 28", "ACK ack 14; PSH ACK seq 14 ack 2 len 2000; FIN ACK seq 2014 ack 2")
	s.conn--
	s.differs(client, sim.WhatState, "TIME_WAIT, orphan", "CLOSED")
	s.conn++
	s.differs(server, sim.WhatBlocked, "accept", "")
	return s
}

func threeSegments() *script {
	s := newScript(sim.Captured).connected()
	s.step("server read 100 then close")
	read := s.call(server, "read", 4, "100")
	s.blocked(server, read)
	s.step("client close")
	c := s.call(client, "close", 3)
	s.seg(client, "FIN ACK", 1, 1, 0)
	s.ret(client, c, sim.Result{})
	s.ret(server, read, sim.Result{})
	c = s.call(server, "close", 4)
	s.seg(server, "FIN ACK", 1, 2, 0)
	s.seg(client, "ACK", 2, 2, 0)
	s.ret(server, c, sim.Result{})
	s.state(client, sim.Established, sim.FinWait1, sim.ByInference, true)
	s.state(client, sim.FinWait1, sim.TimeWait, sim.ByKernel, true)
	s.guess(server, sim.Established, sim.CloseWait)
	s.state(server, sim.CloseWait, sim.LastAck, sim.ByInference, true)
	s.orphan(server, sim.LastAck, sim.Closed)
	return s
}

func clientKilled() *script {
	s := newScript(sim.Captured).connected()
	s.killed("SIGINT", 130)
	s.step("wait 5s")
	s.sleep(5)
	s.resetByWrite("first message")
	s.step("wait 1s")
	s.sleep(1)
	s.step(`server write "second message"`)
	s.call(server, "write", 4, `"second message"`)
	s.signal(server, "SIGPIPE", sim.Killed)
	s.exit(server, 141, "SIGPIPE")
	s.add(sim.Event{At: server, Body: sim.StateChanged{From: sim.Listen, To: sim.Closed, By: sim.ByKernel}})
	s.expect("server killed by SIGPIPE", "")
	s.expect("client CLOSED", "FIN_WAIT2")
	return s
}

func sigpipeIgnored() *script {
	s := newScript(sim.Captured).connected()
	s.step("server sigpipe ignore")
	s.does(server, 0, "rt_sigaction", sim.NoFD, "SIGPIPE", "SIG_IGN")
	s.killed("SIGKILL", 137)
	s.resetByWrite("first message")
	s.step(`server write "second message"`)
	s.fails(server, "EPIPE", "write", 4, `"second message"`)
	s.step(`server write "third" nosignal`)
	s.fails(server, "EPIPE", "sendto", 4, `"third"`, "MSG_NOSIGNAL")
	s.step("server poll")
	s.ret(server, s.call(server, "poll", 4), sim.Result{Ret: 1, Note: "IN OUT RDHUP HUP"})
	s.step("server close")
	s.does(server, 0, "close", 4)
	s.step("server accept")
	s.blocked(server, s.call(server, "accept", 3))
	return s
}

func handler() *script {
	s := newScript(sim.Captured).connected()
	s.step("client sigpipe handler")
	s.does(client, 0, "rt_sigaction", sim.NoFD, "SIGPIPE", "handler")
	s.step("server close")
	c := s.call(server, "close", 4)
	s.seg(server, "FIN ACK", 1, 1, 0)
	s.ret(server, c, sim.Result{})
	s.orphan(server, sim.Established, sim.FinWait1)
	s.became(client, sim.Established, sim.CloseWait)
	s.seg(client, "ACK", 1, 2, 0)
	s.orphan(server, sim.FinWait1, sim.FinWait2)
	s.step(`client write "hello"`)
	c = s.call(client, "write", 3, `"hello"`)
	s.seg(client, "PSH ACK", 1, 2, 5)
	s.seg(server, "RST", 2, 0, 0)
	s.ret(client, c, sim.Result{Ret: 5})
	s.became(client, sim.CloseWait, sim.Closed)
	s.orphan(server, sim.FinWait2, sim.Closed)
	s.step(`client write "are you there?"`)
	c = s.call(client, "write", 3, `"are you there?"`)
	s.signal(client, "SIGPIPE", sim.Handled)
	s.ret(client, c, sim.Result{Ret: -1, Errno: "EPIPE"})
	s.step("client sigpipe default")
	s.does(client, 0, "rt_sigaction", sim.NoFD, "SIGPIPE", "SIG_DFL")
	s.step(`client write "one more"`)
	s.call(client, "write", 3, `"one more"`)
	s.signal(client, "SIGPIPE", sim.Killed)
	s.exit(client, 141, "SIGPIPE")
	return s
}

func blockedCalls() *script {
	s := newScript(sim.Captured)
	s.listen()
	s.step("server accept")
	accept := s.call(server, "accept", 3)
	s.blocked(server, accept)
	s.connect(40112)
	s.ret(server, accept, sim.Result{Ret: 4})
	s.step("server read 100")
	read := s.call(server, "read", 4, "100")
	s.blocked(server, read)
	s.step(`client write "hello"`)
	c := s.call(client, "write", 3, `"hello"`)
	s.seg(client, "PSH ACK", 1, 1, 5)
	s.ret(client, c, sim.Result{Ret: 5})
	s.seg(server, "ACK", 1, 6, 0)
	s.ret(server, read, sim.Result{Ret: 5, Data: "hello"})
	s.step("server read 100")
	read = s.call(server, "read", 4, "100")
	s.blocked(server, read)
	s.clientCloses(6, 1)
	s.ret(server, read, sim.Result{})
	return s
}

func inferred() *script {
	s := newScript(sim.Inferred).connected()
	s.step(`client write "hello"`)
	s.write(client, 3, "hello", 1, 1)
	s.clientCloses(6, 1)
	s.serverCloses(1, 7)
	return s
}

func secondConnection() *script {
	s := newScript(sim.Captured).connected()
	s.clientCloses(1, 1)
	s.serverCloses(1, 2)
	s.conn = 2
	s.connect(40113)
	s.accept()
	s.step(`server write "welcome back"`)
	s.write(server, 4, "welcome back", 1, 1)
	s.settled()
	s.sleep(60)
	s.conn = 1
	s.orphan(client, sim.TimeWait, sim.Closed)
	return s
}

func refusedStep() *script {
	s := newScript(sim.Captured).connected()
	s.step("client kill SIGKILL")
	s.signal(client, "SIGKILL", sim.Killed)
	s.exit(client, 137, "SIGKILL")
	s.seg(client, "FIN ACK", 1, 1, 0)
	s.orphan(client, sim.Established, sim.FinWait1)
	s.became(server, sim.Established, sim.CloseWait)
	s.step(`client write "too late"`)
	s.add(sim.Event{At: client, Body: sim.StepRefused{Why: "the client's process is dead"}})
	s.step(`client read 10`)
	s.add(sim.Event{At: client, Body: sim.StepRefused{Why: "the client's process is dead: nobody is left who could make this call; client start starts another"}})
	return s
}

func halfClose() *script {
	s := newScript(sim.Captured).connected()
	s.step("client shutdown wr")
	c := s.call(client, "shutdown", 3, "SHUT_WR")
	s.seg(client, "FIN ACK", 1, 1, 0)
	s.ret(client, c, sim.Result{})
	s.became(client, sim.Established, sim.FinWait1)
	s.became(server, sim.Established, sim.CloseWait)
	s.seg(server, "ACK", 1, 2, 0)
	s.became(client, sim.FinWait1, sim.FinWait2)
	s.step("server read 100")
	s.does(server, 0, "read", 4, "100")
	s.step(`server write "what is left to say"`)
	s.write(server, 4, "what is left to say", 1, 2)
	s.step("client read 100")
	s.ret(client, s.call(client, "read", 3, "100"), sim.Result{Ret: 19, Data: "what is left to say"})
	s.step("server close")
	c = s.call(server, "close", 4)
	s.seg(server, "FIN ACK", 20, 2, 0)
	s.seg(client, "ACK", 2, 21, 0)
	s.ret(server, c, sim.Result{})
	s.state(server, sim.CloseWait, sim.LastAck, sim.ByInference, true)
	s.orphan(server, sim.LastAck, sim.Closed)
	s.orphan(client, sim.FinWait2, sim.TimeWait)
	s.step("client read 100")
	s.does(client, 0, "read", 3, "100")
	s.step("client close")
	s.does(client, 0, "close", 3)
	return s
}

func forked() *script {
	s := newScript(sim.Captured).connected()
	s.step("server fork")
	c := s.call(server, "fork", sim.NoFD)
	parent := s.pid[server]
	s.start(server, 4130, true)
	s.pid[server] = parent
	s.ret(server, c, sim.Result{Ret: 4130})
	s.pid[server] = 4130
	s.step("server close")
	s.does(server, 0, "close", 4)
	s.pid[server] = parent
	s.step("server parent close")
	c = s.call(server, "close", 4)
	s.seg(server, "FIN ACK", 1, 1, 0)
	s.ret(server, c, sim.Result{})
	s.orphan(server, sim.Established, sim.FinWait1)
	s.became(client, sim.Established, sim.CloseWait)
	s.seg(client, "ACK", 1, 2, 0)
	s.orphan(server, sim.FinWait1, sim.FinWait2)
	s.step("server kill SIGTERM")
	s.pid[server] = 4130
	s.signal(server, "SIGTERM", sim.Killed)
	s.exit(server, 143, "SIGTERM")
	return s
}

func linger() *script {
	s := newScript(sim.Captured).connected()
	s.step("client linger 0")
	s.does(client, 0, "setsockopt", 3, "SOL_SOCKET", "SO_LINGER", "{1, 0}")
	s.step("client close")
	c := s.call(client, "close", 3)
	s.seg(client, "RST ACK", 1, 1, 0)
	s.ret(client, c, sim.Result{})
	s.orphan(client, sim.Established, sim.Closed)
	s.became(server, sim.Established, sim.Closed)
	s.step("server read 100")
	s.fails(server, "ECONNRESET", "read", 4, "100")
	s.step("server read 100")
	s.does(server, 0, "read", 4, "100")
	s.step("server close")
	s.does(server, 0, "close", 4)
	return s
}

func crossing() *script {
	s := newScript(sim.Captured).connected()
	s.by = sim.ByModel
	s.step("client close")
	c := s.call(client, "close", 3)
	s.seg(client, "FIN ACK", 1, 1, 0)
	s.ret(client, c, sim.Result{})
	s.state(client, sim.Established, sim.FinWait1, sim.ByModel, true)
	c = s.call(server, "close", 4)
	s.seg(server, "FIN ACK", 1, 1, 0)
	s.ret(server, c, sim.Result{})
	s.state(server, sim.Established, sim.FinWait1, sim.ByModel, true)
	s.state(server, sim.FinWait1, sim.Closing, sim.ByModel, true)
	s.state(client, sim.FinWait1, sim.Closing, sim.ByModel, true)
	s.seg(client, "ACK", 2, 2, 0)
	s.seg(server, "ACK", 2, 2, 0)
	s.state(server, sim.Closing, sim.TimeWait, sim.ByModel, true)
	s.state(client, sim.Closing, sim.TimeWait, sim.ByModel, true)
	return s
}

func restarted() *script {
	s := clientKilled()
	s.step("server start")
	s.start(server, 4140, false)
	s.step("client start")
	s.start(client, 4141, false)
	s.step("server sigpipe ignore")
	s.does(server, 0, "rt_sigaction", sim.NoFD, "SIGPIPE", "SIG_IGN")
	s.listen()
	s.conn = 2
	s.connect(40114)
	s.accept()
	s.killed("SIGINT", 130)
	return s
}
