package port

// Candidate is a port that might have a printer.
type Candidate struct {
	Address Address `json:"-"`
	Name    string  `json:"address"`           // Address in the syntax of Parse
	Device  string  `json:"device"`            // what the stable name points to now
	Product string  `json:"product,omitempty"` // what the USB adapter calls itself
}
