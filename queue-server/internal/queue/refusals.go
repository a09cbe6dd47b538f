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
	ErrOutcome         = reason.New(reason.Unprocessable, "unknown_outcome")
	ErrParking         = reason.New(reason.Unprocessable, "unknown_parking")
	ErrPauseReason     = reason.New(reason.Unprocessable, "unknown_pause")
	ErrPaused          = reason.New(reason.Conflict, "counter_paused")            // args: counter
	ErrNotPaused       = reason.New(reason.Conflict, "counter_not_paused")        // args: counter
	ErrNotParked       = reason.New(reason.Conflict, "not_parked")                // args: number
	ErrNotMissed       = reason.New(reason.Conflict, "not_missed")                // args: number
	ErrReturnLate      = reason.New(reason.Conflict, "return_too_late")           // args: number, minutes
	ErrReturnPassed    = reason.New(reason.Conflict, "return_too_many_calls")     // args: number, numbers
	ErrReturnUsed      = reason.New(reason.Conflict, "return_used")               // args: number, times
	ErrSamePlace       = reason.New(reason.Conflict, "transfer_to_same_place")    // args: number
	ErrTargetClosed    = reason.New(reason.Conflict, "target_counter_closed")     // args: counter
	ErrHasWaiting      = reason.New(reason.Conflict, "service_has_waiting")       // args: service, waiting
	ErrDoesNotServe    = reason.New(reason.Conflict, "counter_does_not_serve")    // args: counter
	ErrServiceTwice    = reason.New(reason.Conflict, "service_in_visit")          // args: number
	ErrVisitFull       = reason.New(reason.Conflict, "visit_has_many_services")   // args: number, most
	ErrElsewhere       = reason.New(reason.Conflict, "ticket_at_other_counter")   // args: number, counter
	ErrSentElsewhere   = reason.New(reason.Conflict, "ticket_sent_elsewhere")     // args: number, counter
	ErrNoAppointment   = reason.New(reason.Conflict, "ticket_has_no_appointment") // args: number
	ErrNothingToUndo   = reason.New(reason.Conflict, "nothing_to_undo")
	ErrUndoOther       = reason.New(reason.Conflict, "undo_other_action")
	ErrUndoLate        = reason.New(reason.Conflict, "undo_too_late") // args: seconds
	ErrUndoMovedOn     = reason.New(reason.Conflict, "undo_moved_on") // args: number
	ErrSession         = reason.New(reason.Unprocessable, "bad_session")
	ErrDetail          = reason.New(reason.Unprocessable, "not_a_code") // args: field
	ErrNoOffice        = reason.New(reason.Conflict, "no_settings")
	ErrUnknownChannel  = reason.New(reason.Unprocessable, "unknown_channel")
	ErrNeedsBooking    = reason.New(reason.Unprocessable, "needs_booking")
	ErrSlot            = reason.New(reason.Unprocessable, "wrong_slot")
	ErrTooEarly        = reason.New(reason.Conflict, "too_early") // args: opens_at
	ErrForceReason     = reason.New(reason.Unprocessable, "unknown_force_reason")
	ErrForceUntil      = reason.New(reason.Unprocessable, "force_until")
	ErrNotForced       = reason.New(reason.Conflict, "not_forced")
	ErrNoSuchSequence  = reason.New(reason.NotFound, "no_such_sequence")
	ErrNoSuchLease     = reason.New(reason.NotFound, "no_such_lease")
	ErrLeaseNotYours   = reason.New(reason.Conflict, "lease_not_yours")
	ErrLeaseUsed       = reason.New(reason.Unprocessable, "lease_id_used")
	ErrLeaseHeld       = reason.New(reason.Conflict, "lease_held")
	ErrLeaseSize       = reason.New(reason.Unprocessable, "lease_size")
	ErrLeaseNumber     = reason.New(reason.Unprocessable, "number_not_of_lease")
	ErrLeaseService    = reason.New(reason.Unprocessable, "service_not_of_lease")
	ErrLeaseShare      = reason.New(reason.Conflict, "lease_share_used")
	ErrNumberUsed      = reason.New(reason.Conflict, "number_used")         // args: number
	ErrSettings        = reason.New(reason.Unprocessable, "settings_wrong") // args: why
)
