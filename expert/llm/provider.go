package llm

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Provider is an endpoint and how it words what all of them can.
type Provider struct {
	Name    string
	BaseURL string
	// KeyEnv names the environment variables that may hold the key, the first
	// one that is set wins.
	KeyEnv []string
	// Local providers need no key and cost nothing.
	Local bool
	// Model is a name for examples.
	Model string
	Note  string

	dialect dialect
}

// Custom is the name of a provider that is known by its base URL alone.
const Custom = "custom"

var providers = []Provider{
	{Name: "openai", BaseURL: "https://api.openai.com/v1", KeyEnv: []string{"OPENAI_API_KEY"}, Model: "gpt-4o",
		dialect: dialect{tokens: maxCompletionTokens, schema: jsonSchema, reasoning: effortReasoning, noTemperature: openAITemperature}},
	{Name: "anthropic", BaseURL: "https://api.anthropic.com", KeyEnv: []string{"ANTHROPIC_API_KEY"}, Model: "claude-sonnet-4-5",
		dialect: dialect{messages: true, schema: jsonSchema, noTemperature: anthropicTemperature}},
	{Name: "deepseek", BaseURL: "https://api.deepseek.com/v1", KeyEnv: []string{"DEEPSEEK_API_KEY"}, Model: "deepseek-chat",
		dialect: dialect{tokens: maxTokens, schema: jsonObject, reasoning: deepSeekReasoning, noTemperature: deepSeekTemperature}},
	{Name: "qwen", BaseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", KeyEnv: []string{"DASHSCOPE_API_KEY", "QWEN_API_KEY"}, Model: "qwen-max",
		Note:    "other regions have another --base-url",
		dialect: dialect{tokens: maxTokens, schema: jsonSchema, reasoning: qwenReasoning}},
	{Name: "gemini", BaseURL: "https://generativelanguage.googleapis.com/v1beta/openai", KeyEnv: []string{"GEMINI_API_KEY", "GOOGLE_API_KEY"}, Model: "gemini-2.5-flash",
		dialect: dialect{tokens: maxTokens, schema: jsonSchema, reasoning: effortReasoning}},
	{Name: "llamacpp", BaseURL: "http://127.0.0.1:8080/v1", KeyEnv: []string{"LLAMA_API_KEY"}, Local: true, Model: "local",
		Note:    "llama-server, or python -m llama_cpp.server",
		dialect: dialect{tokens: maxTokens, schema: jsonObjectWithSchema, reasoning: templateReasoning}},
	{Name: "ollama", BaseURL: "http://127.0.0.1:11434/v1", KeyEnv: []string{"OLLAMA_API_KEY"}, Local: true, Model: "qwen2.5-coder:7b",
		dialect: dialect{tokens: maxTokens, schema: jsonSchema, reasoning: effortReasoning}},
	{Name: "vllm", BaseURL: "http://127.0.0.1:8000/v1", KeyEnv: []string{"VLLM_API_KEY"}, Local: true, Model: "Qwen/Qwen2.5-Coder-7B-Instruct",
		dialect: dialect{tokens: maxTokens, schema: jsonSchema, reasoning: templateReasoning}},
	{Name: Custom, Model: "NAME",
		Note:    "any other endpoint of OpenAI's protocol: --base-url, and --key-env where it wants a key",
		dialect: dialect{tokens: maxTokens, schema: jsonSchema, reasoning: effortReasoning}},
}

// Providers lists the known endpoints.
func Providers() []Provider { return append([]Provider(nil), providers...) }

func providerNamed(name string) (Provider, error) {
	var names []string
	for _, p := range providers {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Provider{}, fmt.Errorf("provider %q: want one of %s", name, strings.Join(names, ", "))
}

// at moves the provider to another address and another variable for its key.
func (p Provider) at(baseURL, keyEnv string) (Provider, error) {
	if baseURL != "" {
		p.BaseURL = baseURL
	}
	if p.BaseURL == "" {
		return p, errors.New("provider custom has no base URL: give one, such as http://127.0.0.1:8080/v1")
	}
	u, err := url.Parse(p.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return p, fmt.Errorf("base URL %q: want http:// or https:// with a host", baseURL)
	case u.User != nil || u.RawQuery != "":
		// It would end up in recordings and messages.
		return p, errors.New("base URL with a password or a query: keys come from the environment (see key-env)")
	}
	p.BaseURL = strings.TrimSuffix(p.BaseURL, "/")
	if keyEnv != "" {
		if !envName.MatchString(keyEnv) {
			// What was given may be the key itself, so it is not repeated.
			return p, errors.New("key-env: want the name of an environment variable, such as MY_KEY, not a key")
		}
		p.KeyEnv = []string{keyEnv}
	}
	return p, nil
}

var envName = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,63}$`)

// key reads the provider's key; only some can do without.
func (p Provider) key() (key, error) {
	k := keyFrom(p.KeyEnv)
	if k.value == "" && !p.Local && len(p.KeyEnv) > 0 {
		return k, &Error{Kind: Denied, Provider: p.Name, Text: "no key in the environment",
			Hint: "set " + strings.Join(p.KeyEnv, " or ")}
	}
	return k, nil
}
