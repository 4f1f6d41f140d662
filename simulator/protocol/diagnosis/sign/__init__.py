"""Why a sign is wrong: the recipes by which it may have been made."""
