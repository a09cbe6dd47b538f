package web

// Elements by id. Tests, screen readers' scripts and the demo rely on them; they
// are as much a contract as the wire is.
//
// Every page:
//
//	#lang-id #lang-en      links that choose the language
//	#clock                 the office's time, "08.05 WITA" (counter, phone)
//
// /login:
//
//	#user #password        fields
//	#login                 the button; #error its refusal, in words
//
// /password (after /login, where the password must be changed):
//
//	#old #new #again       fields; #save the button; #error
//
// /counter, no counter chosen:
//
//	#office-list           one button an office, [data-office]; only where there are several
//	#counter-list          one button a counter, [data-counter="l3"]
//	#take-over             dialog: another session holds the counter; #take-over-yes, #take-over-no
//
// /counter?office=...&counter=..., at work:
//
//	#desk                  [data-state]: idle, called, serving, lost, closed
//	#counter-name          "Loket 3"
//	#current-number        "A-001", or "-" where nobody is here
//	#current-service #current-class #current-language #waited #calls #serving-clock
//	#call-next #recall #start #finish #no-show #close-counter
//	#waiting-total         a number; #waiting-list: [data-service] rows with .count
//	#line-state            [data-line]: on, off
//	#line-down #line-unsafe #lost   banners, hidden where there is nothing to say
//	#take-back #choose-other        inside #lost
//	#notice                what was refused, or is being repeated
//	#help #help-open       the keys; #keys-on switches them off
//	#logout
//
// /t/{office}/{token}:
//
//	body                   [data-state]: waiting, called, serving, parked, done, no_show, cancelled, expired
//	#number #agency #service #state-text #state-hint
//	#ahead                 people ahead, a number, while waiting; #ahead-text in words
//	#counter               the counter's label, while called or served
//	#bell                  "Bunyikan": [aria-pressed]
//	#cancel #cancel-sure #cancel-yes #cancel-no
//	#offline               banner with the time of the last view; #updated
//	#gone                  the page for a link that is wrong or has ended (404)
