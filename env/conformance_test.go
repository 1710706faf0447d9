package env_test

import (
	"os"
	"strings"
	"testing"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/env/envtest"
)

// TestPoliciesConform runs the conformance suite on every policy of the package.
func TestPoliciesConform(t *testing.T) {
	w := defaultWorld()
	for _, name := range env.PolicyNames {
		t.Run(name, func(t *testing.T) {
			p, err := env.BuiltinPolicy(name)
			if err != nil {
				t.Fatal(err)
			}
			if p.Name() != name {
				t.Errorf("policy %s calls itself %s", name, p.Name())
			}
			envtest.Policy(t, w, env.Options{}, p)
		})
	}
	t.Run("process", func(t *testing.T) {
		t.Setenv("PEERWATT_TEST_CHILD", "well") // see TestMain
		executable, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		p, err := env.NewProcess(executable+" -test.run=none", 0)
		if err != nil {
			t.Fatal(err)
		}
		envtest.Policy(t, w, env.Options{Observation: "plus"}, p)
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if _, err := env.BuiltinPolicy("nobody"); err == nil || !strings.Contains(err.Error(), "none-p2p") {
		t.Errorf("an unknown policy: %v", err)
	}
}
