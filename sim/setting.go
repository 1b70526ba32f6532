package sim

// Net is a network that a lab can be on, spelled as --net and a lesson's head do.
type Net string

// The networks.
const (
	Loopback Net = "loopback" // both ends on the lo of one host
	Wire     Net = "wire"     // two hosts and the wire between them, which holds every segment
	Model    Net = "sim"      // the model alone
)

// Capture says where a lab's segments come from.
type Capture string

// The kinds of capture.
const (
	Captured Capture = "captured" // seen by a packet socket
	Inferred Capture = "inferred" // concluded from states and calls
	Modelled Capture = "model"    // predicted
)

// Setting describes the lab of a log and what is played in it.
type Setting struct {
	Log     int     `json:"v"`       // version of the log: LogVersion
	Grammar int     `json:"grammar"` // version of the grammar of its steps: GrammarVersion
	Net     Net     `json:"net"`
	Capture Capture `json:"capture"`
	Private bool    `json:"private"` // in a namespace of its own, unseen by the machine's tools
	Kernel  string  `json:"kernel"`  // release, as uname -r; empty on the model
	Client  string  `json:"client"`  // address of the client's host
	Server  string  `json:"server"`  // address and port the server listens on
	// PortTaken is the port that the server would have, had it been free; 0 where it has it.
	PortTaken int    `json:"port_taken,omitempty"`
	Lesson    string `json:"lesson"` // name of the lesson
	Title     string `json:"title"`  // title of the lesson
	// Sysctls are those of the hosts that differ from the kernel's defaults.
	Sysctls []Sysctl `json:"sysctls,omitempty"`
	Source  string   `json:"source,omitempty"` // the lesson's text, Markdown; empty where the steps come from no lesson
}

// The versions of what this program writes. A program reads logs of its own versions and of
// earlier ones.
const (
	LogVersion     = 1 // of the JSON form of events
	GrammarVersion = 1 // of what ParseStep reads
)

// Sysctl is a setting of a host's kernel below net.ipv4; somaxconn is below net.core.
type Sysctl struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default"`
}

// DefaultPort is the server's port: the one of the story that finwait grew from.
const DefaultPort = 8088

// Backlog is the length of the server's accept queue, as in the story (listen(2)). The kernel
// lets one more connection in.
const Backlog = 5

// LoopbackAddress returns the address of an end on lo. There are two, so that any packet tool
// draws two lifelines.
func LoopbackAddress(at End) string {
	if at == Client {
		return "127.0.0.2"
	}
	return "127.0.0.1"
}

// WireAddress returns the address of an end on the wire (RFC 5737, TEST-NET-1).
func WireAddress(at End) string {
	if at == Client {
		return "192.0.2.1"
	}
	return "192.0.2.2"
}

// LongTimeouts returns the settings under which a connection lives for as long as somebody talks
// about a segment that is held, beside those of an untouched kernel (ip-sysctl.rst).
func LongTimeouts() []Sysctl {
	return []Sysctl{
		{Name: "tcp_syn_retries", Value: "127", Default: "6"},
		{Name: "tcp_synack_retries", Value: "255", Default: "5"},
		{Name: "tcp_retries2", Value: "255", Default: "15"},
		{Name: "tcp_orphan_retries", Value: "255", Default: "0"},
		{Name: "tcp_fin_timeout", Value: "3600", Default: "60"},
	}
}
