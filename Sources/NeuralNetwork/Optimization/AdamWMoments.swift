/// What AdamW has gathered: running means of the gradients and of their squares, after `step` updates.
package struct AdamWMoments: Sendable {
  package let first, second: ParameterVector
  package let step: Int

  package init(first: ParameterVector, second: ParameterVector, step: Int) {
    self.first = first
    self.second = second
    self.step = step
  }
}
