/// Judges recommenders on the questions of a split.
package enum Evaluator {}
