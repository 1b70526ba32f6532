package sim

// What the laboratory on sockets and that on the model have in common.

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

// Patient returns the settings under which a connection lives for as long as somebody talks
// about a segment that is held, beside those of an untouched kernel (ip-sysctl.rst).
func Patient() []Sysctl {
	return []Sysctl{
		{Name: "tcp_syn_retries", Value: "127", Default: "6"},
		{Name: "tcp_synack_retries", Value: "255", Default: "5"},
		{Name: "tcp_retries2", Value: "255", Default: "15"},
		{Name: "tcp_orphan_retries", Value: "255", Default: "0"},
		{Name: "tcp_fin_timeout", Value: "3600", Default: "60"},
	}
}
