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
//	#desk                  [data-state]: idle, paused, called, serving, lost, closed
//	#counter-name          "Loket 3"
//	#current-number        "A-001", or "-" where nobody is here
//	#current-service #current-class #current-language #waited #calls #serving-clock
//	#current-next          where the visit goes on; #current-here: sent to this counter
//	#call-next #recall #start #finish #no-show #close-counter
//	#park #transfer #add-service #class #walk-in #pause (which also resumes)
//	#undo                  hidden unless something can be taken back: #undo-what #undo-left
//	#waiting-total         a number; #waiting-list: [data-service] rows with .count
//	#tab-services #tab-line #tab-parked #tab-missed, each with its list-...
//	#line-list #parked-list #missed-list   buttons [data-ticket="A-001"]
//	#parked-total #missed-total            numbers, empty for none
//	#choice                dialog: #choice-title #choice-search #choice-list #choice-cancel;
//	                       buttons [data-value]: a code, a service, a counter or "any", a
//	                       class; of a number in a list: call, back, class-priority ...
//	#taken                 dialog: a new number: #taken-number #taken-close #taken-call
//	#to-supervisor         link, for supervisors and administrators
//	#line-state            [data-line]: on, off
//	#line-down #line-unsafe #lost   banners, hidden where there is nothing to say
//	#take-back #choose-other        inside #lost
//	#notice                what was refused, or is being repeated
//	#help #help-open       the keys; #keys-on switches them off
//	#logout
//
// /supervisor?office=...:
//
//	#hall                  the page; #only: this account's role is another
//	#day-date #day-state   [data-open]: yes, no; #clock-state
//	#taken-total #served-total #waiting-total
//	#open-day              asks in #open-day-ask: #open-day-date #open-day-sure #open-day-yes #open-day-no
//	#close-day             asks in #close-day-ask: #close-day-yes #close-day-no
//	#force-office          and the button of a service's row ask in #force-ask: #force-close
//	                       #force-open #force-lift #force-reason #force-until #force-time
//	                       #force-yes #force-no #force-error
//	#alert-list            [data-alert] rows with [data-level]; #alerts-none
//	#counter-grid          [data-counter] with [data-state]: free, busy, paused, closed
//	#service-list          [data-service] rows: .waiting .oldest .state .quota .open .rule
//	#find-service #only-busy
//	#story-number #story-day #story-find; #story-list its sentences; #story-error
//	#to-counter
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
