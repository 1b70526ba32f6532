// Package lab puts goroutines and channels around what is a function in sim: Simulated makes a
// sim.Lab of the lab on the model, WithModel puts the conformance checker beside a live lab.
package lab
