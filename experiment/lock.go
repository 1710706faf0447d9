package experiment

import "errors"

// errLocked says that another process has a lock.
var errLocked = errors.New("locked")
