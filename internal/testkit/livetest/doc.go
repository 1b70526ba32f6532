// Package livetest is for tests that meet a real kernel. Its timers run while the machine is
// busy with something else, so that such tests disturb each other, and a script that is true can
// differ once. Two rules keep that out of the results:
//
//   - Live tests take turns. TakeTurn, called in TestMain, lets one test process of the machine
//     at a time have its live tests, and few tests at the same time within it.
//   - Time that the machine lost is no difference. Play plays what has failed again, alone: what
//     fails again fails the test. What was seen once is logged.
package livetest
