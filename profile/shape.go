package profile

// A Customer is a class of consumer with a typical day.
type Customer int

// The classes. Household, Commerce and Farm are the standard load profiles
// H25, G25 and L25 of BDEW; Industry works around the clock.
const (
	Household Customer = iota
	Commerce
	Farm
	Industry
	Mixed // an energy hub: the mean of the others
)
