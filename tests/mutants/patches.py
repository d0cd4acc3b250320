"""The guards, and how each is broken: one row a guard. ``docs/guarantees.md`` shows this table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """In ``file``, ``old`` (which stands there once) becomes ``new``; then ``test`` must fail."""

    breaks: str
    file: str
    old: str
    new: str
    test: str


MIGRATION = "bot/storage/migrations/versions/0001_books.py"

MUTANTS = (
    Mutant(
        "a draft may become two orders (UNIQUE dropped)",
        MIGRATION,
        '        UniqueConstraint("draft_id", name=op.f("uq_orders_draft_id")),\n',
        "",
        "tests/storage/test_constraints.py::test_a_draft_becomes_one_order",
    ),
    Mutant(
        "a wallet may fall below zero (CHECK dropped)",
        MIGRATION,
        '        CheckConstraint("balance >= 0", name=op.f("ck_wallets_covered")),\n',
        "",
        "tests/storage/test_constraints.py::test_the_database_refuses",
    ),
    Mutant(
        "postings may be changed (trigger dropped)",
        MIGRATION,
        'KEPT = ("transfers", "postings", "order_events")',
        'KEPT = ("transfers", "order_events")',
        "tests/storage/test_constraints.py",
    ),
    Mutant(
        "a wallet is debited without looking (guard of the UPDATE dropped)",
        "bot/storage/ledger.py",
        "literal(True) if forced or amount > 0 else wallets.c.balance + amount >= 0",
        "literal(True)",
        "tests/services/test_wallet.py::test_no_debit_takes_a_wallet_below_zero",
    ),
    Mutant(
        "add is sent again when no answer came",
        "bot/panel/client.py",
        "        got = await self._transport.send(form, cap=_ANSWER_BYTES, fresh=True, before=turn)\n",
        "        got = await self._transport.send(form, cap=_ANSWER_BYTES, fresh=True, before=turn)\n"
        '        if not hasattr(got, "status"):\n'
        "            got = await self._transport.send(form, cap=_ANSWER_BYTES, fresh=True, before=turn)\n",
        "tests/panel/test_add_faults.py",
    ),
    Mutant(
        "a redirect is followed, with the key in the body",
        "bot/panel/transport.py",
        "follow_redirects=False",
        "follow_redirects=True",
        "tests/panel/test_add_faults.py",
    ),
    Mutant(
        "a lost answer is refunded",
        "bot/domain/decisions.py",
        "_UNCERTAIN = AddEffect(OrderState.UNCERTAIN, question=Question.UNCERTAIN, unknown=True)",
        "_UNCERTAIN = AddEffect(OrderState.REFUSED, reason=Reason.UNKNOWN, refund=True)",
        "tests/services/test_add_table.py",
    ),
    Mutant(
        "an active link after a lost answer counts as a refusal",
        "bot/domain/decisions.py",
        "case Refused(kind=RefusalKind.ACTIVE_LINK) if after_unknown:",
        "case Refused(kind=RefusalKind.ACTIVE_LINK) if not after_unknown and False:",
        "tests/services/test_add_table.py::test_an_active_link_after_an_unknown_is_evidence",
    ),
    Mutant(
        "an order whose lease expired is sent again",
        "bot/services/placing.py",
        'effect = after_add(Unknown("the lease expired"), after_unknown=True)',
        'effect = after_add(NotSent("the lease expired"), after_unknown=True)',
        "tests/services/test_leases.py::test_a_lease_that_expires_means_uncertain",
    ),
    Mutant(
        "the attempt is committed after the call",
        "bot/services/rounds.py",
        "        claim = await placing.claim(tx, shop, panel)\n"
        "    if claim is None:\n"
        "        return False\n"
        '    reach("add.before")\n'
        "    try:\n"
        "        outcome = await shop.panels[panel].add(claim.fields)\n",
        "        claim = await placing.claim(tx, shop, panel)\n"
        "        if claim is None:\n"
        "            return False\n"
        "        outcome = await shop.panels[panel].add(claim.fields)\n"
        "    try:\n"
        '        reach("add.before")\n',
        "tests/faults/test_kills.py",
    ),
    Mutant(
        "an update may be handled twice",
        "bot/services/mailroom.py",
        "    if not await mail.done(tx, update_id):\n        raise AlreadyHandledError(update_id)\n",
        "    await mail.done(tx, update_id)\n",
        "tests/services/test_mailroom.py::test_an_update_is_handled_once",
    ),
    Mutant(
        "updates are confirmed before they are stored",
        "bot/telegram/receiving.py",
        '        reach("updates.after")\n',
        "        await self._bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)\n"
        '        reach("updates.after")\n',
        "tests/faults/test_kills.py",
    ),
    Mutant(
        "text typed before its question was seen answers it",
        "bot/telegram/turn.py",
        "        return self._asked\n",
        "        return True\n",
        "tests/faults/test_typing_at_the_kill.py",
    ),
    Mutant(
        "another person's draft can be opened",
        "bot/storage/people.py",
        "select(drafts).where(drafts.c.id == draft, drafts.c.user_id == user)",
        "select(drafts).where(drafts.c.id == draft)",
        "tests/services/test_confirming.py::test_another_s_draft_is_gone",
    ),
    Mutant(
        "anybody is an admin",
        "bot/telegram/routers/admin.py",
        "        return turn.admin\n",
        "        return True\n",
        "tests/security/test_who_is_who.py",
    ),
    Mutant(
        "a price that changed since it was shown is charged",
        "bot/services/ordering.py",
        "    return old or was != (",
        "    return False and was != (",
        "tests/services/test_confirming.py",
    ),
    Mutant(
        "a price that was never seen is charged",
        "bot/services/ordering.py",
        "stored is None or stored.mark != mark or ",
        "stored is None or ",
        "tests/services/test_confirming.py::test_a_confirm_of_an_older_summary_charges_nothing",
    ),
    Mutant(
        "a price is a float",
        "bot/domain/money.py",
        "    return int(exact.to_integral_value(rounding=ROUND_CEILING, context=_EXACT))\n",
        "    return round(float(exact))\n",
        "tests/domain/test_money.py",
    ),
    Mutant(
        "a payment may be credited twice",
        "bot/storage/payments.py",
        "where(payments.c.id == payment, payments.c.state.in_(allowed))",
        "where(payments.c.id == payment)",
        "tests/storage/test_payments.py",
    ),
    Mutant(
        "another person's invoice can be paid",
        "bot/services/paying.py",
        "payment is None or payment.user_id != asked.user or payment.way",
        "payment is None or payment.way",
        "tests/conversations/test_topup.py::test_an_invoice_is_paid_by_whom_it_was_made_for",
    ),
    Mutant(
        "names are not escaped",
        "bot/i18n.py",
        """text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")""",
        "text",
        "tests/conversations/test_names.py",
    ),
)
