package netlab

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// A setting that is too low for a lesson is named, and the model, which does not know it, falls
// silent with that reason. One that is high enough is nobody's business.
func TestTooLow(t *testing.T) {
	dir := t.TempDir() + "/"
	for name, value := range map[string]string{"ipv4/tcp_max_tw_buckets": "0\n", "core/somaxconn": "2\n"} {
		if err := os.MkdirAll(filepath.Dir(dir+name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+name, []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	net, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	got := tooLow(floors(), net)
	want := []sim.Sysctl{
		{Name: "tcp_max_tw_buckets", Value: "0", Default: "set by memory"},
		{Name: "somaxconn", Value: "2", Default: "4096"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	for _, s := range want {
		if _, unknown := model.SettingsOf([]sim.Sysctl{s}, true); unknown == nil || unknown.Name != s.Name {
			t.Errorf("the model goes on with %+v", s)
		}
	}
	for name, value := range map[string]string{"ipv4/tcp_max_tw_buckets": "4096", "core/somaxconn": "5"} {
		if err := os.WriteFile(dir+name, []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := tooLow(floors(), net); len(got) != 0 {
		t.Errorf("high enough: %+v", got)
	}
}
