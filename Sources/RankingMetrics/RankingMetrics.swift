// RankingMetrics
