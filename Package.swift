// swift-tools-version: 6.2
import PackageDescription

// The manifest is the picture of the architecture: every arrow points down, and the build
// (`--explicit-target-dependency-import-check error`, see scripts/) refuses an import that is not listed here.

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// What the HTTP server stands on, cloned and built with the trait `Server` alone.
let http: [Target.Dependency] = [
  ("Hummingbird", "hummingbird"), ("HummingbirdCore", "hummingbird"), ("HummingbirdTLS", "hummingbird"),
  ("NIOCore", "swift-nio"), ("NIOHTTPTypes", "swift-nio-extras"),
  ("NIOSSL", "swift-nio-ssl"),
  ("Logging", "swift-log"), ("HTTPTypes", "swift-http-types"), ("ServiceLifecycle", "swift-service-lifecycle"),
  ("UnixSignals", "swift-service-lifecycle"),
].map { .product(name: $0.0, package: $0.1, condition: .when(traits: ["Server"])) }

/// Where ClozeKit's services count, if an application has bootstrapped it.
let metrics: [Target.Dependency] = ["Metrics", "CoreMetrics"].map {
  .product(name: $0, package: "swift-metrics", condition: .when(traits: ["Server"]))
}

let package = Package(
  name: "cloze",
  products: [
    .executable(name: "cloze", targets: ["cloze"]),
    .library(name: "ClozeKit", targets: ["ClozeKit"]),
  ],
  traits: [
    .trait(
      name: "MPI", description: "Several processes, on one machine or many: needs libopenmpi-dev and openmpi-bin."),
    .trait(name: "Server", description: "Recommendations over HTTP (`cloze serve`): builds Hummingbird and SwiftNIO."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
    // Only with the trait `Server`
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Foundations
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev", "openmpi-bin"])]),
    .target(name: "CKernels", cSettings: [.define("NDEBUG")]),
    .target(name: "CClozeSystem"),
    .target(name: "DurableFiles", dependencies: ["CClozeSystem", "CZlib"], swiftSettings: swift),
    .target(name: "Kernels", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: swift),
    .target(
      name: "Collectives", dependencies: ["Kernels", .target(name: "CMPI", condition: .when(traits: ["MPI"]))],
      swiftSettings: swift),

    // Data, down the left side
    .target(name: "Interactions", dependencies: ["DurableFiles"], swiftSettings: swift),
    .target(name: "Items", dependencies: ["Interactions", "DurableFiles"], swiftSettings: swift),
    .target(
      name: "InteractionStore",
      dependencies: [
        "Items", "Interactions", "DurableFiles", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: swift),

    // Learning, up the right side
    .target(name: "NeuralNetwork", dependencies: ["Collectives", "Kernels", "DurableFiles"], swiftSettings: swift),
    .target(
      name: "SequentialModels",
      dependencies: ["NeuralNetwork", "Collectives", "Kernels", "Interactions", "DurableFiles"],
      swiftSettings: swift),
    .target(
      name: "ModelFiles",
      dependencies: [
        "SequentialModels", "Items", "Interactions", "NeuralNetwork", "Collectives", "Kernels", "DurableFiles",
      ],
      swiftSettings: swift),
    .target(
      name: "Recommending",
      dependencies: [
        "ModelFiles", "SequentialModels", "InteractionStore", "NeuralNetwork", "Collectives", "Items", "Interactions",
        "Kernels", "DurableFiles",
      ], swiftSettings: swift),
    .target(name: "RankingMetrics", swiftSettings: swift),

    // Where everything meets: a model is evaluated, trained by what evaluation says, compared with others
    .target(
      name: "Evaluation",
      dependencies: [
        "RankingMetrics", "SequentialModels", "Interactions", "Collectives", "Kernels", "DurableFiles",
      ],
      swiftSettings: swift),
    .target(
      name: "Training",
      dependencies: [
        "Evaluation", "RankingMetrics", "ModelFiles", "SequentialModels", "NeuralNetwork", "Items", "Interactions",
        "Collectives", "DurableFiles", "Kernels", .product(name: "Yams", package: "Yams"),
      ], swiftSettings: swift),
    .target(
      name: "Comparison",
      dependencies: [
        "Training", "Evaluation", "RankingMetrics", "ModelFiles", "SequentialModels", "NeuralNetwork", "Items",
        "Interactions", "DurableFiles", "Kernels",
      ], swiftSettings: swift),
    .target(
      name: "Reports",
      dependencies: [
        "Comparison", "Training", "Evaluation", "RankingMetrics", "DurableFiles",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: ["page.mustache", "figure.mustache", "table.mustache", "style.css"].map {
        .embedInCode("Templates/\($0)")
      }, swiftSettings: swift),
    .target(
      name: "Serving",
      dependencies: [
        "Recommending", "ModelFiles", "SequentialModels", "InteractionStore", "Items", "Interactions", "Kernels",
        "DurableFiles",
      ], swiftSettings: swift),
    .target(
      name: "ClozeServer",
      dependencies: ["Serving", "Recommending", "InteractionStore", "Interactions", "DurableFiles"] + http,
      resources: ["page.html", "cloze.js", "cloze.css", "openapi.json", "tools.json"].map {
        .embedInCode("Resources/\($0)")
      }, swiftSettings: swift),
    .target(
      name: "ClozeKit",
      dependencies: [
        "Serving", "Training", "Evaluation", "RankingMetrics", "Recommending", "ModelFiles", "SequentialModels",
        "InteractionStore", "Items", "Interactions", "Kernels",
      ] + metrics,
      swiftSettings: swift),
    .executableTarget(
      name: "cloze",
      dependencies: [
        "ClozeServer", "Serving", "ClozeKit", "Reports", "Comparison", "Training", "Evaluation", "Recommending",
        "ModelFiles", "SequentialModels",
        "NeuralNetwork", "RankingMetrics", "InteractionStore", "Items", "Interactions", "Collectives", "Kernels",
        "DurableFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift),
  ]
)

/// One folder of tests per target; `TestSupport` holds the readable scalar references and the readers of golden files.
@MainActor func tests(_ target: String, with more: [Target.Dependency] = [], resources: [Resource] = []) {
  package.targets.append(
    .testTarget(
      name: target + "Tests", dependencies: [.byName(name: target), "TestSupport"] + more, resources: resources,
      swiftSettings: swift))
}

package.targets.append(
  .target(
    name: "TestSupport", dependencies: ["Collectives", "Kernels", "NeuralNetwork", "Interactions"],
    path: "Tests/TestSupport",
    swiftSettings: swift))
tests("DurableFiles")
tests("Kernels")
tests("Collectives", with: ["Kernels"])
tests("Interactions")
tests("Items", with: ["Interactions"])
tests(
  "InteractionStore", with: ["Items", "Interactions", "DurableFiles", .product(name: "GRDB", package: "GRDB.swift")])
tests("NeuralNetwork", with: ["Collectives", "Kernels"])
tests(
  "SequentialModels", with: ["NeuralNetwork", "Collectives", "Kernels", "Interactions"], resources: [.copy("Fixtures")])
tests(
  "Recommending",
  with: [
    "ModelFiles", "SequentialModels", "InteractionStore", "NeuralNetwork", "Collectives", "Items", "Interactions",
    "Kernels", "DurableFiles",
  ])
tests(
  "ModelFiles",
  with: ["SequentialModels", "NeuralNetwork", "Collectives", "Kernels", "Interactions", "DurableFiles"],
  resources: [.copy("Fixtures")])
tests("RankingMetrics", with: ["Interactions"], resources: [.copy("Fixtures")])
tests(
  "Evaluation", with: ["SequentialModels", "RankingMetrics", "Interactions", "Collectives", "Kernels"],
  resources: [.copy("Fixtures")])
tests(
  "Training",
  with: [
    "Evaluation", "RankingMetrics", "ModelFiles", "SequentialModels", "NeuralNetwork", "Items", "Interactions",
    "Collectives",
    "DurableFiles", "Kernels",
  ])
tests("Comparison", with: ["Training", "Evaluation", "RankingMetrics", "Interactions"])
tests("Reports", with: ["Comparison", "Training", "Evaluation", "RankingMetrics", "Interactions"])
tests(
  "Serving",
  with: [
    "ClozeServer", "Recommending", "ModelFiles", "SequentialModels", "NeuralNetwork", "InteractionStore", "Items",
    "Interactions", "Kernels",
  ])
tests("ClozeKit", with: ["Interactions"])
tests(
  "cloze",
  with: [
    "ClozeKit", "DurableFiles", "Comparison", "Training", "Evaluation", "RankingMetrics", "InteractionStore",
    "Interactions", "Kernels",
  ])

// What MPI itself does, run by scripts/test-processes: CLOZE_MPI=1 swift build --traits MPI --product ProcessesCheck
if Context.environment["CLOZE_MPI"] != nil {
  package.targets.append(
    .executableTarget(
      name: "ProcessesCheck", dependencies: ["NeuralNetwork", "Collectives", "Kernels"], path: "Tests/ProcessesCheck",
      swiftSettings: swift))
}

// What services count, run by scripts/test-server: CLOZE_METRICS=1 swift build --traits Server --product MetricsCheck
if Context.environment["CLOZE_METRICS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "MetricsCheck",
      dependencies: [
        "ClozeKit", .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Server"])),
        .product(name: "MetricsTestKit", package: "swift-metrics", condition: .when(traits: ["Server"])),
      ], path: "Tests/MetricsCheck", swiftSettings: swift))
}

// Reads changed files; run by scripts/torture
package.targets.append(
  .executableTarget(
    name: "MutationCheck",
    dependencies: [
      "ClozeServer", "Serving", "ClozeKit", "Reports", "Comparison", "Training", "Evaluation", "Recommending",
      "ModelFiles", "SequentialModels", "InteractionStore", "Items", "Interactions", "Kernels", "DurableFiles",
    ], path: "Tests/MutationCheck", swiftSettings: swift))

// Readers under libFuzzer, run by hand: scripts/fuzz
if Context.environment["CLOZE_FUZZ"] != nil {
  package.products.append(.executable(name: "Fuzz", targets: ["Fuzz"]))
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["Training", "ModelFiles", "NeuralNetwork", "Interactions"], path: "Tests/Fuzz",
      swiftSettings: swift + [.enableExperimentalFeature("Extern"), .unsafeFlags(["-parse-as-library"])]))
}

// Built with everything else and run by a test, so that it compiles as a reader sees it
package.targets.append(
  .executableTarget(name: "NextItems", dependencies: ["ClozeKit"], path: "Examples/NextItems", swiftSettings: swift))

// Measured, never asserted: CLOZE_BENCHMARKS=1 swift run -c release KernelBenchmark (or ImportBenchmark,
// RecommendationBenchmark, TrainingBenchmark)
if Context.environment["CLOZE_BENCHMARKS"] != nil {
  package.targets += [
    .executableTarget(
      name: "KernelBenchmark", dependencies: ["Kernels", "DurableFiles"], path: "Benchmarks/Kernels",
      swiftSettings: swift),
    .executableTarget(
      name: "ImportBenchmark", dependencies: ["InteractionStore", "Interactions", "Kernels"], path: "Benchmarks/Import",
      swiftSettings: swift),
    .executableTarget(
      name: "RecommendationBenchmark",
      dependencies: ["ClozeKit", "Recommending", "ModelFiles", "SequentialModels", "Kernels", "DurableFiles"],
      path: "Benchmarks/Recommendations", swiftSettings: swift),
    .executableTarget(
      name: "TrainingBenchmark",
      dependencies: [
        "Training", "Evaluation", "ModelFiles", "SequentialModels", "NeuralNetwork", "InteractionStore", "Interactions",
        "Kernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Training", swiftSettings: swift),
  ]
}
