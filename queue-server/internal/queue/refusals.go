package queue

import "antrean/shared/reason"

// Refusals of the core. Each says the state that makes the command impossible;
// its text, "refusal.<code>", tells a person what to do.
var (
	ErrNoSuchService   = reason.New(reason.NotFound, "no_such_service")
	ErrNoSuchCounter   = reason.New(reason.NotFound, "no_such_counter")
	ErrNoSuchTicket    = reason.New(reason.NotFound, "no_such_ticket")
	ErrUnknownClass    = reason.New(reason.Unprocessable, "unknown_class")
	ErrUnknownLanguage = reason.New(reason.Unprocessable, "unknown_language")
	ErrIDUsed          = reason.New(reason.Unprocessable, "ticket_id_used")
	ErrIDFromPast      = reason.New(reason.Conflict, "ticket_from_earlier_day")
	ErrServiceClosed   = reason.New(reason.Conflict, "service_closed") // args: closed, opens_at
	ErrNobodyWaiting   = reason.New(reason.Conflict, "nobody_waiting")
	ErrCounterClosed   = reason.New(reason.Conflict, "counter_closed")
	ErrCounterHeld     = reason.New(reason.Conflict, "counter_held")
	ErrCounterNotYours = reason.New(reason.Conflict, "counter_not_yours")
	ErrCounterBusy     = reason.New(reason.Conflict, "counter_has_ticket")
	ErrNobodyHere      = reason.New(reason.Conflict, "counter_has_no_ticket")
	ErrOtherTicket     = reason.New(reason.Conflict, "counter_has_other_ticket")
	ErrSessionBusy     = reason.New(reason.Conflict, "session_has_counter") // args: counter
	ErrNotStarted      = reason.New(reason.Conflict, "not_started")
	ErrAlreadyStarted  = reason.New(reason.Conflict, "already_started")
	ErrTicketEnded     = reason.New(reason.Conflict, "ticket_ended")
	ErrBeingServed     = reason.New(reason.Conflict, "ticket_being_served")
	ErrDayOpen         = reason.New(reason.Conflict, "day_open")
	ErrDayClosed       = reason.New(reason.Conflict, "day_closed")
	ErrDayDate         = reason.New(reason.Unprocessable, "day_date")
	ErrPrintState      = reason.New(reason.Unprocessable, "unknown_print_state")
	ErrNothingSpoken   = reason.New(reason.Unprocessable, "nothing_spoken")
	ErrSettings        = reason.New(reason.Unprocessable, "settings_wrong") // args: why
)
