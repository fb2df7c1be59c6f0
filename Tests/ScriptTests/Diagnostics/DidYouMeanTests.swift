import Script
import Testing

private let names = [
  "normal", "log_prob", "logsumexp", "sigmoid", "softplus", "kl", "mu", "relu", "mean",
]

@Test(arguments: [
  ("norml", "normal"), ("nromal", "normal"), ("logprob", "log_prob"), ("LogSumExp", "logsumexp"),
  ("sigmiod", "sigmoid"), ("meen", "mean"), ("KL", "kl"), ("log_pro", "log_prob"),
])
func aMisspeltNameIsFound(name: String, expected: String) {
  #expect(DidYouMean.suggestion(for: name, among: names) == expected)
}

@Test(arguments: ["nu", "x", "", "banana", "kp", "gradient"])
func aNameThatIsFarFromAllGetsNoSuggestion(name: String) {
  #expect(DidYouMean.suggestion(for: name, among: names) == nil)
}

@Test func theNearestWinsAndThenTheFirstInOrder() {
  #expect(
    DidYouMean.suggestion(for: "abcd", among: ["abxd", "bbcd", "abcde"])
      == "abcde")
}
