package allowance

import "chaperone"

// usedUp says what is used up, in plain words. Rates pass by themselves in a minute;
// a budget is a decision of people.
func usedUp(s Scope, k Kind) *chaperone.Error {
	whose := map[Scope]string{
		Person: "you have", Key: "this key has", Team: "your team has", Door: "this door has",
	}[s]
	switch k {
	case RequestsPerMinute:
		return chaperone.NewError(chaperone.KindRateLimited, "too_many_requests",
			"This is more than the requests that "+whose+" for a minute", "Try again after the stated time", nil)
	case TokensPerMinute:
		return chaperone.NewError(chaperone.KindRateLimited, "too_many_tokens",
			"This is more than the tokens that "+whose+" for a minute", "Try again after the stated time, or ask for less", nil)
	case TokensPerDay:
		return chaperone.NewError(chaperone.KindOverBudget, "tokens_used_up",
			"The tokens that "+whose+" for today are used up", "Ask again tomorrow (UTC), or ask your administrator for more", nil)
	case MoneyPerDay:
		return chaperone.NewError(chaperone.KindOverBudget, "budget_used_up",
			"The budget that "+whose+" for today is used up", "Ask again tomorrow (UTC), or ask your administrator for more", nil)
	default:
		return chaperone.NewError(chaperone.KindOverBudget, "budget_used_up",
			"The budget that "+whose+" for this month is used up", "Ask your administrator for more, or wait for the next month (UTC)", nil)
	}
}

func unpriced() *chaperone.Error {
	return chaperone.NewError(chaperone.KindOverBudget, "price_unknown",
		"A budget holds here, and what this model costs at this door is not known",
		"Ask for a model whose price is known, or ask your administrator to state the price", nil)
}
