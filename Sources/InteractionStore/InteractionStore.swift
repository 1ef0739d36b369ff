// InteractionStore
