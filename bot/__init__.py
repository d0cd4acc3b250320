"""A Telegram storefront for the services of social-media panels."""
