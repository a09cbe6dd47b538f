package api

import "antrean/shared/reason"

// Refusals of the API itself: who asks, and the shape of what is asked. Its text,
// "refusal.<code>", tells a person what to do.
var (
	ErrWrongDevice  = reason.New(reason.Forbidden, "wrong_device")
	ErrWrongOffice  = reason.New(reason.Forbidden, "wrong_office")
	ErrWrongRole    = reason.New(reason.Forbidden, "wrong_role")
	ErrMustChange   = reason.New(reason.Forbidden, "password_must_change")
	ErrCrossOrigin  = reason.New(reason.Forbidden, "cross_origin")
	ErrTopic        = reason.New(reason.Forbidden, "topic_forbidden") // args: topic
	ErrManyTopics   = reason.New(reason.TooMany, "too_many_topics")
	ErrManySockets  = reason.New(reason.TooMany, "too_many_sockets")
	ErrNoSuchPath   = reason.New(reason.NotFound, "no_such_path")
	ErrWrongMethod  = reason.New(reason.WrongMethod, "wrong_method") // args: method
	ErrNoWebSocket  = reason.New(reason.Invalid, "no_websocket")
	ErrMediaType    = reason.New(reason.WrongMedia, "wrong_content_type")
	ErrBodyTooLarge = reason.New(reason.TooLarge, "body_too_large")
	ErrBodySlow     = reason.New(reason.Invalid, "body_incomplete")
	ErrBadJSON      = reason.New(reason.Invalid, "bad_json")
	ErrNotObject    = reason.New(reason.Invalid, "not_an_object")
	ErrTooDeep      = reason.New(reason.Invalid, "json_too_deep")
	ErrUnknownField = reason.New(reason.Invalid, "unknown_field") // args: field
	ErrTwiceField   = reason.New(reason.Invalid, "field_twice")   // args: field
	ErrFieldType    = reason.New(reason.Invalid, "wrong_type")    // args: field
	ErrMissingField = reason.New(reason.Invalid, "missing_field") // args: field
	ErrTextTooLong  = reason.New(reason.Invalid, "text_too_long") // args: field
	ErrNotACode     = reason.New(reason.Unprocessable, "not_a_code")
	ErrTooManyItems = reason.New(reason.Unprocessable, "too_many_items") // args: field
	ErrBadTicketID  = reason.New(reason.Invalid, "bad_ticket_id")
	ErrBadTime      = reason.New(reason.Invalid, "bad_time")
	ErrKeyMissing   = reason.New(reason.Invalid, "key_missing")
	ErrKeyWrong     = reason.New(reason.Invalid, "key_wrong")
	ErrDeviceTime   = reason.New(reason.Invalid, "device_time_wrong")
)
