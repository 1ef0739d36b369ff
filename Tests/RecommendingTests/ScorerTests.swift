import Interactions
import Kernels
import NeuralNetwork
import Recommending
import SequentialModels
import Testing

@Suite struct ScorerTests {
  static func model(items: Int, threads: Int = 1) -> BERT4Rec {
    let network = BERTNetwork(
      EncoderConfiguration(vocabularySize: items + 5, hidden: 8, layers: 1, heads: 2, positions: 12))
    return BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 3, deviation: 0.5),
      vocabulary: ItemVocabulary(items: items), workers: Workers(threads: threads))
  }

  let histories = (0..<40).map { user in (0..<(user % 17)).map { ItemID(($0 * 7 + user) % 30) }[...] }

  @Test func answersAreTheBestOfTheModelsScores() {
    let model = Self.model(items: 30)
    let scores = Matrix(rows: 40, columns: 30)
    model.score(histories, into: scores)
    let answers = Scorer(model, top: 5).answers(to: histories.map { Scorer.Question(history: $0) })
    for (user, answer) in answers.enumerated() {
      let best = scores.rows(user..<user + 1).values.sorted(by: >).prefix(5)
      #expect(answer.source == (histories[user].isEmpty ? .prior : .model))
      #expect(zip(answer.list.items, best).allSatisfy { abs($0.score - $1) < 1e-5 })
    }
  }

  @Test func answersDoNotDependOnCompanyOrThreads() {
    let questions = histories.map { Scorer.Question(history: $0, excluded: $0.map(\.rawValue)) }
    let together = Scorer(Self.model(items: 30, threads: 2), top: 7).answers(to: questions)
    let alone = Scorer(Self.model(items: 30), top: 7)
    for (question, answer) in zip(questions, together) { #expect(alone.answers(to: [question]) == [answer]) }
    for (question, answer) in zip(questions, together) {
      #expect(Set(answer.list.items.map(\.item)).isDisjoint(with: question.excluded))
    }
  }

  @Test func whoeverIsUnknownGetsWhatIsPopular() {
    let popularity = (0..<30).map { $0 % 4 == 0 ? 0 : $0 / 2 }
    let scorer = Scorer(
      Self.model(items: 30), top: 3, popularity: popularity, allowed: (0..<30).map { $0 < 29 }, probabilities: true)
    let answer = scorer.answers(to: [Scorer.Question(history: [], excluded: [27])])[0]
    #expect(answer.source == .popular)
    #expect(answer.list.items.map(\.item) == [26, 25, 22])
    #expect(answer.list.items.map(\.score) == [13, 12, 11])
    let all = popularity.prefix(29).reduce(0, +) - 13
    #expect(answer.probabilities == [13, 12, 11].map { $0 / Double(all) })
  }
}
