import Comparison
import Testing
import Training

/// Recipes as the variants of a comparison.
@Suite struct RecipeComparisonTests {
  private func variants(_ recipes: [Recipe]) -> [(recipe: Recipe, experiment: Experiment)] {
    recipes.map { recipe in
      var experiment = recipe.experiment
      experiment.seed = 4
      return (recipe, experiment)
    }
  }

  @Test func eachRecipeIsTrainedWholeWithTheSameSeeds() throws {
    let plan = try ComparisonPlan.recipes(variants([.bert4rec, .joined, .causal]), seeds: 2)
    #expect(plan.factor == "recipe")
    #expect(plan.variants.map(\.name) == ["bert4rec", "joined", "causal"])
    #expect(plan.variants.map(\.experiment.stages.count) == [2, 3, 1])
    #expect(plan.pretraining == nil)
    #expect(plan.seeds == [4, 5])
  }

  @Test func oneRecipeOrTheSameTwiceIsNoComparison() {
    #expect(throws: ComparisonError.tooFewVariants(1)) { try ComparisonPlan.recipes(variants([.causal]), seeds: 1) }
    #expect(throws: ComparisonError.sameVariant("causal")) {
      try ComparisonPlan.recipes(variants([.causal, .causal]), seeds: 1)
    }
  }
}
