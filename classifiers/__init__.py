"""Text to judgement. No input or output but loading a model; nothing here decides, people do."""
