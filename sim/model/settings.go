package model

import (
	"strconv"

	"finwait/sim"
	"finwait/sim/tcp"
)

// SettingsOf returns the settings of the model for two hosts with these sysctls, or for one
// with both ends on its lo. unknown is the first sysctl with a value that the model does not
// know, nil if it knows all: such a setting (tcp_timestamps, tcp_sack, tcp_syncookies) may
// change anything that the model says.
func SettingsOf(sysctls []sim.Sysctl, loopback bool) (settings tcp.Settings, unknown *sim.Sysctl) {
	settings = tcp.Defaults(loopback)
	for i := range sysctls {
		if !set(&settings, sysctls[i]) && unknown == nil {
			unknown = &sysctls[i]
		}
	}
	return settings, unknown
}

// set takes in a sysctl, and reports whether the model knows it.
func set(to *tcp.Settings, y sim.Sysctl) (known bool) {
	n, err := strconv.Atoi(y.Value)
	if err != nil || y.Value == y.Default {
		return y.Value == y.Default
	}
	switch y.Name {
	case "tcp_fin_timeout":
		to.FinTimeout = tcp.Time(n) * tcp.Second
	case "tcp_syn_retries":
		to.SynRetries = n
	case "tcp_synack_retries":
		to.SynAckRetries = n
	case "tcp_retries2":
		to.Retries = n
	case "tcp_orphan_retries":
		to.OrphanRetries = n
	default:
		return false
	}
	return true
}
