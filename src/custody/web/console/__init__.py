"""The console of staff: deals, data, people, ceremonies (design §10). Its look is the design guide's."""
