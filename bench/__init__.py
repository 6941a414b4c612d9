"""How many complete submissions a second pass the webhook, beside a bare handler with as many durable commits."""
