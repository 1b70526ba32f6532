package sim

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

// Data are shown as strace(1) shows them: quoted, and the first 32 bytes.
func TestShownData(t *testing.T) {
	long := strings.Repeat("x", 32)
	for _, test := range []struct{ got, want string }{
		{quoteData("a\x00\n"), `"a\x00\n"`},
		{quoteData(long), `"` + long + `"`},
		{quoteData(long + "x"), `"` + long + `"...`},
		{Call{Name: "write", FD: 4, Fill: 100000}.String(), `write(4, "` + long + `"..., 100000)`},
		{Call{Name: "write", FD: 4, Fill: 3}.String(), `write(4, "xxx", 3)`},
		{Result{Ret: 33, Data: long + "x"}.String(), `33 "` + long + `"...`},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

// What Args spells, ReadCall reads: every call that a step can make.
func TestCallsAreRead(t *testing.T) {
	addr := netip.MustParseAddrPort("127.0.0.2:40001")
	for text, c := range map[string]Call{
		"socket(AF_INET, SOCK_STREAM, 0)":                     {Name: CallSocket, FD: NoFD},
		"bind(3, 127.0.0.2:40001)":                            {Name: CallBind, FD: 3, Addr: addr},
		"connect(3, 127.0.0.2:40001)":                         {Name: CallConnect, FD: 3, Addr: addr},
		"listen(3, 5)":                                        {Name: CallListen, FD: 3, Backlog: 5},
		"accept(3)":                                           {Name: CallAccept, FD: 3},
		"read(4, 100)":                                        {Name: CallRead, FD: 4, Size: 100},
		"recv(4, 5, MSG_PEEK)":                                {Name: CallRecv, FD: 4, Size: 5, Flags: MsgPeek},
		"recv(4, 5, 0)":                                       {Name: CallRecv, FD: 4, Size: 5},
		`write(4, "")`:                                        {Name: CallWrite, FD: 4, Data: []byte{}},
		`write(4, "3\xff")`:                                   {Name: CallWrite, FD: 4, Data: []byte("3\xff")},
		`write(4, "xxx", 3)`:                                  {Name: CallWrite, FD: 4, Fill: 3},
		`send(4, "x", MSG_NOSIGNAL)`:                          {Name: CallSend, FD: 4, Data: []byte("x"), Flags: MsgNoSignal},
		`send(4, "xxx", 3, MSG_NOSIGNAL)`:                     {Name: CallSend, FD: 4, Fill: 3, Flags: MsgNoSignal},
		"shutdown(4, SHUT_WR)":                                {Name: CallShutdown, FD: 4, How: ShutWR},
		"close(0)":                                            {Name: CallClose, FD: 0},
		"fork()":                                              {Name: CallFork, FD: NoFD},
		"rt_sigaction(SIGPIPE, SIG_IGN)":                      {Name: CallSigaction, FD: NoFD, Disposition: SigIgn},
		"getsockopt(4, SOL_SOCKET, SO_ERROR)":                 {Name: CallGetsockopt, FD: 4, Option: Option{Name: OptError}},
		"setsockopt(4, SOL_SOCKET, SO_LINGER, {1, 0})":        {Name: CallSetsockopt, FD: 4, Option: Option{Name: OptLinger, On: true}},
		"setsockopt(4, SOL_SOCKET, SO_LINGER, {0, 9})":        {Name: CallSetsockopt, FD: 4, Option: Option{Name: OptLinger, Value: 9}},
		"setsockopt(4, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000)": {Name: CallSetsockopt, FD: 4, Option: Option{Name: OptUserTimeout, Value: 30000}},
		"setsockopt(4, IPPROTO_TCP, TCP_LINGER2, -1)":         {Name: CallSetsockopt, FD: 4, Option: Option{Name: OptLinger2, Value: -1}},
		// What no field can tell remains text.
		"setsockopt(4, IPPROTO_TCP, TCP_NODELAY, 1)": {Name: CallSetsockopt, FD: 4, Text: []string{"IPPROTO_TCP", "TCP_NODELAY", "1"}},
		"setsockopt(4, SOL_SOCKET, SO_LINGER, 7)":    {Name: CallSetsockopt, FD: 4, Text: []string{"SOL_SOCKET", "SO_LINGER", "7"}},
		`write(4, "ab"..., 9)`:                       {Name: CallWrite, FD: 4, Text: []string{`"ab"...`, "9"}},
		"splice(4, NULL, 5)":                         {Name: "splice", FD: 4, Text: []string{"NULL", "5"}},
		"read(4)":                                    {Name: CallRead, FD: 4, Text: []string{}},
	} {
		if c.String() != text {
			t.Errorf("%#v is spelled %s, want %s", c, c, text)
		}
		if got := ReadCall(c.Name, c.FD, c.Args()); !reflect.DeepEqual(got, c) {
			t.Errorf("%s reads as %#v, want %#v", text, got, c)
		}
	}
}
