package py

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// stdlibNames lists the modules of CPython 3.11's standard library.
//
//go:embed stdlib.txt
var stdlibNames string

// refusedModules reach files, processes, the network, the interpreter itself
// or the environment: importing them is refused, not unsupported.
var refusedModules = strings.Fields(`
	os sys subprocess socket shutil pathlib io ctypes importlib builtins multiprocessing threading asyncio signal urllib
	http ftplib smtplib poplib imaplib telnetlib xmlrpc socketserver ssl select selectors pickle shelve marshal tempfile
	glob fnmatch inspect gc code codeop codecs pty tty termios fcntl resource mmap platform getpass pwd grp sqlite3 dbm
	zipfile tarfile gzip bz2 lzma zipimport runpy pkgutil site sysconfig venv webbrowser concurrent posix nt _thread
	faulthandler atexit readline cProfile profile pdb trace tracemalloc requests httpx aiohttp psutil paramiko`)

// Import finds a module by its full name.
func (in *Interp) Import(name string) (*Module, error) {
	if m := in.modules[name]; m != nil {
		return m, nil
	}
	if err := in.Alloc(256); err != nil {
		return nil, err
	}
	parent, last, dotted := cutLast(name)
	if dotted {
		if _, err := in.Import(parent); err != nil {
			return nil, err
		}
	}
	for _, find := range in.finders {
		m, err := find(in, name)
		if err != nil {
			return nil, err
		}
		if m == nil {
			continue
		}
		in.modules[name] = m
		if dotted {
			in.modules[parent].Set(last, m)
		}
		return m, nil
	}
	return nil, in.noModule(name, parent, dotted)
}

func cutLast(name string) (parent, last string, dotted bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

func (in *Interp) noModule(name, parent string, dotted bool) error {
	top, _, _ := strings.Cut(name, ".")
	switch {
	case slices.Contains(refusedModules, top):
		return RefusedImportError.New("importing '%s' is refused: programs run in a sandbox without files, network, processes or environment", name)
	case dotted:
		if m := in.modules[parent]; m.Missing != nil {
			if err := m.Missing(name[len(parent)+1:]); err != nil {
				return err
			}
		}
	case strings.Contains(stdlibNames, "\n"+name+"\n"):
		return Unsupported("the module '%s' is not supported", name)
	case name == "scipy":
		return Unsupported("the module '%s' is not supported", name)
	}
	return ModuleNotFoundError.New("No module named '%s'", name)
}

func (f *frame) importStmt(x *syntax.Import) error {
	for i := range x.Names {
		a := &x.Names[i]
		m, err := f.in.Import(a.Name)
		if err != nil {
			return f.at(x, err)
		}
		if a.As == "" {
			top, _, _ := strings.Cut(a.Name, ".")
			m = f.in.modules[top]
		}
		if err := f.store(a.Target, m); err != nil {
			return err
		}
	}
	return nil
}

func (f *frame) importFrom(x *syntax.ImportFrom) error {
	if x.Level > 0 {
		return f.at(x, ImportError.New("attempted relative import with no known parent package"))
	}
	m, err := f.in.Import(x.Module)
	if err != nil {
		return f.at(x, err)
	}
	if len(x.Names) == 1 && x.Names[0].Name == "*" {
		for _, n := range m.Names() {
			if !strings.HasPrefix(n, "_") {
				f.names.Set(n, m.Get(n))
			}
		}
		return nil
	}
	for i := range x.Names {
		a := &x.Names[i]
		v, err := f.in.fromModule(m, a.Name)
		if err != nil {
			return f.at(x, err)
		}
		if err := f.store(a.Target, v); err != nil {
			return err
		}
	}
	return nil
}

func (in *Interp) fromModule(m *Module, name string) (Value, error) {
	if v := m.Get(name); v != nil {
		return v, nil
	}
	if sub, err := in.Import(m.Name + "." + name); err == nil {
		return sub, nil
	}
	if m.Missing != nil {
		if err := m.Missing(name); err != nil {
			return nil, err
		}
	}
	return nil, ImportError.New("cannot import name '%s' from '%s' (unknown location)", name, m.Name)
}

// futureFeature is what "from __future__ import annotations" binds.
var futureFeature = &Module{Name: "__future__"}

// Future is the module __future__.
func Future() *Module {
	m := &Module{Name: "__future__"}
	for _, n := range []string{"annotations", "division", "print_function", "absolute_import", "unicode_literals", "generators", "nested_scopes", "with_statement", "generator_stop"} {
		m.Set(n, futureFeature)
	}
	return m
}
