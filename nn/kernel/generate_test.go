package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAssemblyIsWhatTheGeneratorWrites fails when gen changed and go generate
// was forgotten, or when the assembly was edited by hand.
func TestAssemblyIsWhatTheGeneratorWrites(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the generator")
	}
	dir := t.TempDir()
	s, stubs := filepath.Join(dir, "kernel_amd64.s"), filepath.Join(dir, "stubs_amd64.go")
	if out, err := exec.Command("go", "run", "./gen", "-out", s, "-stubs", stubs).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	body := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := bytes.Cut(b, []byte("\n")) // the first line names the output
		return rest
	}
	for _, pair := range [][2]string{{"kernel_amd64.s", s}, {"stubs_amd64.go", stubs}} {
		if !bytes.Equal(body(pair[0]), body(pair[1])) {
			t.Errorf("%s is not what gen writes: run go generate ./nn/kernel", pair[0])
		}
	}
}
