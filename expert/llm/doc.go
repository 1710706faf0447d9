// Package llm asks language models: any endpoint that speaks OpenAI's chat
// completions (OpenAI, DeepSeek, Qwen, Gemini, llama.cpp, Ollama, vLLM, or
// another by its base URL) and Anthropic's messages.
//
// Open makes a Client from a Config. Client.Complete sends one Request and
// returns the whole Response: it waits for the rate limits, stops before the
// cost ceiling would be passed, retries what may pass, and tells a watcher what
// it does meanwhile. Record puts a Cassette before a Model, so that no call is
// paid twice; Replay answers from a cassette alone.
//
// Keys come from the environment only. No error, recording or event contains
// one.
//
// The package knows nothing of prompts, of energy, or of what an answer means.
package llm
