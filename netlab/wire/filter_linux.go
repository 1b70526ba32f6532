package wire

import "golang.org/x/sys/unix"

// maxPorts is the number of ports that one filter can name. A jump of the
// classic BPF machine spans at most 255 instructions.
const maxPorts = 64

// Offsets into the IPv4 header, where a SOCK_DGRAM packet begins.
const (
	offFragment = 6
	offProtocol = 9
)

// filter returns a classic BPF program (Documentation/networking/filter.rst)
// that lets the TCP segments from or to one of the ports pass, the first
// maxHeader bytes of each. Without ports it lets nothing pass. A fragment other
// than the first has no ports and does not pass.
//
// The data of a segment never leave the kernel.
func filter(ports []uint16) []unix.SockFilter {
	drop := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K}
	if len(ports) == 0 {
		return []unix.SockFilter{drop}
	}
	pass := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: maxHeader}
	load := func(mode uint16, k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | mode, K: k}
	}
	jump := func(test uint16, k uint32, yes, no int) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: k, Jt: uint8(yes), Jf: uint8(no)}
	}
	n := len(ports)
	program := []unix.SockFilter{
		load(unix.BPF_B|unix.BPF_ABS, offProtocol),
		jump(unix.BPF_JEQ, protoTCP, 0, 2*n+5), // else drop
		load(unix.BPF_H|unix.BPF_ABS, offFragment),
		jump(unix.BPF_JSET, 0x1fff, 2*n+3, 0),            // drop
		{Code: unix.BPF_LDX | unix.BPF_B | unix.BPF_MSH}, // X: length of the IPv4 header
		load(unix.BPF_H|unix.BPF_IND, 0),                 // source port
	}
	for i, port := range ports {
		program = append(program, jump(unix.BPF_JEQ, uint32(port), 2*n-i+1, 0)) // pass
	}
	program = append(program, load(unix.BPF_H|unix.BPF_IND, 2)) // destination port
	for i, port := range ports {
		program = append(program, jump(unix.BPF_JEQ, uint32(port), n-i, 0)) // pass
	}
	return append(program, drop, pass)
}

// attach gives the socket fd a new filter in place of the one it has.
func attach(fd int, program []unix.SockFilter) error {
	fprog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &fprog)
}
