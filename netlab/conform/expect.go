package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// candidates returns expectations that say what the model does in a verdict. Whether the
// kernel falls short of them is to be seen.
func candidates(v sim.Event) []string {
	b := sim.Of[sim.Verdict](v)
	at := string(v.At)
	model := ""
	if b.Model != "" {
		parts := strings.Split(b.Model, sim.Between)
		model = parts[len(parts)-1]
	}
	switch b.What {
	case sim.WhatState:
		state, _, _ := strings.Cut(b.Model, ",")
		switch {
		case state == sim.Listen.String():
			return []string{at + " listening"}
		case b.Kernel == sim.Listen.String():
			return []string{at + " not listening"}
		}
		return []string{at + " " + state}
	case sim.WhatReturn:
		_, result, _ := strings.Cut(model, " = ")
		return resultIs(at, result)
	case sim.WhatSegment:
		return segmentsAre(at, flagsOf(b.Model), flagsOf(b.Kernel))
	case sim.WhatSignal:
		if model == "" {
			signal, _, _ := strings.Cut(b.Kernel, " ")
			return []string{"no signal " + signal}
		}
		return []string{at + " signal " + model}
	case sim.WhatExit:
		if model == "" {
			return []string{at + " alive"}
		}
		return []string{at + " exit " + model}
	case sim.WhatBlocked:
		if model != "" {
			return []string{at + " blocked"}
		}
	}
	return nil
}

// resultIs expects a result, as sim.Result spells it: "13", "-1 EPIPE", `5 "hello"`,
// "0 [EPIPE]".
func resultIs(at, result string) []string {
	ret, rest, _ := strings.Cut(result, " ")
	_, err := strconv.Atoi(ret)
	switch {
	case err != nil: // it returned nothing, or the number of a process
		return nil
	case ret == "-1":
		return []string{at + " fails " + rest}
	case strings.HasPrefix(rest, `"`):
		return []string{at + " reads " + rest}
	case strings.HasPrefix(rest, "["): // SO_ERROR
		return []string{at + " error " + strings.Trim(rest, "[]")}
	}
	return []string{at + " returns " + ret}
}

// segmentsAre expects the segments that the model sends and the kernel does not, and
// none of those that only the kernel sends.
func segmentsAre(at string, model, kernel []string) []string {
	var list []string
	for _, flags := range model {
		list = append(list, fmt.Sprintf("segment %q from %s", flags, at))
	}
	for _, flags := range kernel {
		if !slices.Contains(model, flags) {
			list = append(list, fmt.Sprintf("no segment %q from %s", flags, at))
		}
	}
	return list
}

// flagsOf returns the flags of segments: the words in capitals. A segment that was on the
// wire already and was sent again is none that a lesson can expect.
func flagsOf(segments string) []string {
	var list []string
	for _, segment := range strings.Split(segments, sim.Between) {
		if strings.HasSuffix(segment, " again") {
			continue
		}
		var flags []string
		for _, word := range strings.Fields(segment) {
			if slices.Contains(sim.FlagNames(), word) {
				flags = append(flags, word)
			}
		}
		if len(flags) > 0 {
			list = append(list, strings.Join(flags, " "))
		}
	}
	return list
}
