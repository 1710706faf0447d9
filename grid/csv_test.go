package grid

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"
)

func folder(network, bus, branch string) fstest.MapFS {
	return fstest.MapFS{
		"network.csv": {Data: []byte(network)}, "bus.csv": {Data: []byte(bus)}, "branch.csv": {Data: []byte(branch)},
	}
}

const (
	smallNetwork = "base_kv,base_mva,power_factor,slack_pu\n12,10,0.8,1.01\n"
	smallBuses   = "bus,type,load_kva\n1,3,0\n2,1,100\n"
	smallBranch  = "from,to,r_ohm,x_ohm\n1,2,0.1,0.2\n"
)

func TestReadFolder(t *testing.T) {
	n, err := readFolder(folder(smallNetwork, smallBuses, smallBranch))
	if err != nil {
		t.Fatal(err)
	}
	if n.BaseKV != 12 || n.BaseMVA != 10 || n.SlackPU != 1.01 || n.Slack != 1 ||
		n.Buses[1].DemandKW != 80 || math.Abs(n.Buses[1].DemandKvar-60) > 1e-12 || n.Branches[0] != (Branch{1, 2, 0.1, 0.2}) {
		t.Errorf("read as %+v", n)
	}
	n, err = readFolder(folder("\ufeffname, base_mva, base_kv\nx, 1, 11\n", "load_kvar,load_kw,bus,type\n-5,7,4,3\n1,2,9,1\n", "x_ohm,r_ohm,to,from\n1,2,4,9\n"))
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "x" || n.SlackPU != 1 || n.Buses[0] != (Bus{4, 7, -5}) || n.Branches[0] != (Branch{9, 4, 2, 1}) {
		t.Errorf("read as %+v", n)
	}
}

func TestReadFolderRefusals(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"network.csv", "12,", "abc,", `network.csv line 2: base_kv is "abc"`},
		{"network.csv", "12,", "-12,", "voltage base is -12 kV"},
		{"network.csv", "0.8", "85", `power_factor is "85"`},
		{"network.csv", ",power_factor,slack_pu\n12,10,0.8,1.01", "\n12,10", "power_factor is missing"},
		{"network.csv", "base_mva", "base_va", `unknown column "base_va"`},
		{"network.csv", "12,10,0.8,1.01\n", "", "0 rows"},
		{"network.csv", "1.01", "-1", "slack voltage is -1"},
		{"bus.csv", "2,1,100", "2,1,NaN", `bus.csv line 3: load_kva is "NaN"`},
		{"bus.csv", "2,1,100", "x,1,100", `bus.csv line 3: bus is "x"`},
		{"bus.csv", "2,1,100", "1,1,100", "bus 1 stands twice"},
		{"bus.csv", "2,1,100", "2,2,100", `type is "2"`},
		{"bus.csv", "1,3,0", "1,1,0", "0 buses of type 3"},
		{"bus.csv", "2,1,100", "2,1,100\n3,1,0", "bus 3 has no path"},
		{"bus.csv", "2,1,100", "2,1", "wrong number of fields"},
		{"bus.csv", "load_kva", "load_kw", "load_kw and load_kvar"},
		{"bus.csv", "type", "bus", "stands twice"},
		{"branch.csv", "r_ohm,", "", "column r_ohm is missing"},
		{"branch.csv", "1,2,0.1", "1,7,0.1", "there is no bus 7"},
		{"branch.csv", "1,2,0.1", "2,2,0.1", "same bus"},
		{"branch.csv", "0.1", "-0.1", "resistance is -0.1"},
		{"branch.csv", "0.1", "1e999", "r_ohm"},
		{"branch.csv", "1,2,0.1,0.2\n", "", "no branch"},
	} {
		dir := folder(smallNetwork, smallBuses, smallBranch)
		text := string(dir[c.file].Data)
		dir[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
		if c.file == "branch.csv" && c.old == "r_ohm," {
			dir[c.file].Data = []byte("from,to,x_ohm\n1,2,0.2\n")
		}
		if text == string(dir[c.file].Data) {
			t.Errorf("%q does not stand in %s", c.old, c.file)
		}
		n, err := readFolder(dir)
		if err == nil {
			t.Errorf("%s: read as %+v", c.new, n)
		} else if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %q, want %q in one line", c.new, err, c.want)
		}
	}
	dir := folder(smallNetwork, smallBuses, smallBranch)
	delete(dir, "bus.csv")
	if _, err := readFolder(dir); err == nil || !strings.HasPrefix(err.Error(), "bus.csv: ") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	for path, want := range map[string]string{
		"testdata/absent":                "testdata/absent: no such file or folder",
		"testdata/case141_reference.csv": "testdata/case141_reference.csv: neither",
		"testdata":                       "testdata: network.csv: ",
	} {
		if _, err := Load(path); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestTreeNamesTheLoop(t *testing.T) {
	n := Case141()
	n.Branches = append(n.Branches, Branch{From: 52, To: 130, ROhm: 0.1, XOhm: 0.1})
	if _, err := n.Tree(); err == nil || !strings.Contains(err.Error(), "branch 52-130 closes a loop") {
		t.Errorf("%v", err)
	}
}

func FuzzReadFolder(f *testing.F) {
	f.Add(smallNetwork, smallBuses, smallBranch)
	f.Add("base_mva,base_kv\n1,1", "bus,type,load_kw,load_kvar\n1,3,1,1\n\"2\",1,1e3,-1", "from,to,r_ohm,x_ohm\n2,1,0,0")
	f.Fuzz(func(t *testing.T, network, bus, branch string) {
		if n, err := readFolder(folder(network, bus, branch)); err == nil && n.Validate() != nil {
			t.Errorf("read as %+v", n)
		}
	})
}
