// Package house checks the whole module for rules that no compiler knows. It contains only
// tests.
package house
