"""What a reader can work out from what is published, without knowing the engine or its proof."""
