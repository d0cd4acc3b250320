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
CARE = "bot/storage/migrations/versions/0003_care.py"

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
        "tests/storage/test_constraints.py::test_the_database_refuses[sqlite-a wallet below zero]",
    ),
    Mutant(
        "postings may be changed (trigger dropped)",
        MIGRATION,
        'KEPT = ("transfers", "postings", "order_events")',
        'KEPT = ("transfers", "order_events")',
        "tests/storage/test_constraints.py::test_the_database_refuses[sqlite-a posting changed]",
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
        "tests/panel/test_add_faults.py::test_a_lost_answer_is_unknown_and_not_asked_for_again[closed without a word]",
    ),
    Mutant(
        "a redirect is followed, with the key in the body",
        "bot/panel/transport.py",
        "follow_redirects=False",
        "follow_redirects=True",
        "tests/panel/test_add_faults.py::test_a_redirect_is_unknown_and_its_target_never_called[307]",
    ),
    Mutant(
        "a lost answer is refunded",
        "bot/domain/decisions.py",
        "_UNCERTAIN = AddEffect(OrderState.UNCERTAIN, question=Question.UNCERTAIN, unknown=True)",
        "_UNCERTAIN = AddEffect(OrderState.REFUSED, reason=Reason.UNKNOWN, refund=True)",
        "tests/services/test_add_table.py::test_an_answer_to_add_does_what_the_table_says",
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
        "        return await placing.claim(tx, shop, panel)\n",
        "        claim = await placing.claim(tx, shop, panel)\n"
        "        if claim is not None:\n"
        "            await shop.panels[panel].add(claim.fields)\n"
        "        return claim\n",
        "tests/services/test_leases.py::test_an_attempt_is_written_down_before_its_call",
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
        "tests/security/test_poison.py::test_what_cannot_be_stored_is_not_confirmed",
    ),
    Mutant(
        "text typed before its question was seen answers it",
        "bot/telegram/turn.py",
        "        return self._asked\n",
        "        return True\n",
        "tests/conversations/test_manners.py::test_a_question_that_was_lost_is_asked_again",
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
        "tests/security/test_who_is_who.py::test_every_admin_command_is_unknown_to_others",
    ),
    Mutant(
        "a price that changed since it was shown is charged",
        "bot/services/ordering.py",
        "    return old or replace(was, shown_at=None)",
        "    return False and replace(was, shown_at=None)",
        "tests/services/test_confirming.py::test_what_changed_since_it_was_shown_is_shown_again",
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
        "tests/domain/test_money.py::test_a_price_is_the_exact_one_rounded_up",
    ),
    Mutant(
        "a payment may be credited twice",
        "bot/storage/payments.py",
        "where(payments.c.id == payment, payments.c.state.in_(allowed))",
        "where(payments.c.id == payment)",
        "tests/storage/test_payments.py::test_of_two_who_move_a_payment_one_wins",
    ),
    Mutant(
        "another person's invoice can be paid",
        "bot/services/paying.py",
        "payment is None or payment.user_id != asked.user or payment.way",
        "payment is None or payment.way",
        "tests/conversations/test_topup.py::test_an_invoice_is_paid_by_whom_it_was_made_for",
    ),
    Mutant(
        "a page that was let go of is asked about no more",
        "bot/storage/payments.py",
        "or_(c.state == PaymentState.OPEN.value, let_go)",
        "c.state == PaymentState.OPEN.value",
        "tests/services/test_pages.py::test_paid_after_cancel_is_credited_once",
    ),
    Mutant(
        "an invoice of another payment is credited",
        "bot/services/paying.py",
        'invoice.asked == payment.asked and invoice.code in {"", payment.code}',
        "invoice.asked == payment.asked",
        "tests/services/test_pages.py::test_an_invoice_of_another_payment_is_for_the_admins",
    ),
    Mutant(
        "names are not escaped",
        "bot/i18n.py",
        """text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")""",
        "text",
        "tests/conversations/test_names.py::test_names_come_through_as_typed",
    ),
    Mutant(
        "text typed above its question answers it",
        "bot/telegram/turn.py",
        "shown and (typed is None or self._asked_in is None or typed > self._asked_in)",
        "shown",
        "tests/security/test_typed.py::test_what_stands_above_a_question_is_no_answer_to_it",
    ),
    Mutant(
        '"update done" is written apart from its effect',
        "bot/telegram/turn.py",
        "            await mailroom.begin(tx, self.update_id, known=self._known, user=self.user)\n",
        "            await mailroom.begin(tx, self.update_id, known=self._known, user=self.user)\n"
        "        async with self.shop.db.write() as tx:\n",
        "tests/security/test_poison.py::test_an_update_is_done_with_its_effect_or_not_at_all",
    ),
    Mutant(
        "a refill whose answer was lost is asked for again",
        "bot/services/requesting.py",
        "        case PanelError():\n            return _over(tx, request, RequestState.LOST, answer.reason)\n",
        "        case PanelError():\n            return _not_taken(tx, shop, request, answer)\n",
        "tests/services/test_request_calls.py::test_a_lost_answer_is_never_repeated",
    ),
    Mutant(
        "a stop may be wanted twice (UNIQUE dropped)",
        CARE,
        "        unique=True,\n        sqlite_where",
        "        unique=False,\n        sqlite_where",
        "tests/services/test_requests.py::test_two_presses_ask_once",
    ),
    Mutant(
        "another person's order can be stopped",
        "bot/storage/orders.py",
        "select(orders).where(orders.c.user_id == user, orders.c.id.in_(numbers))",
        "select(orders).where(orders.c.id.in_(numbers))",
        "tests/services/test_requests.py::test_another_s_order_is_no_order",
    ),
    Mutant(
        "a line of a mass order may become two orders",
        "bot/storage/batches.py",
        "    return -(batch * _NUMBERS + line)\n",
        '    return -int.from_bytes(__import__("secrets").token_bytes(7))\n',
        "tests/services/test_mass.py::test_a_line_becomes_one_order_whoever_asks",
    ),
    Mutant(
        "a mass order is confirmed at prices that were not shown",
        "bot/services/mass.py",
        "    return old or was.prices",
        "    return False and was.prices",
        "tests/services/test_mass.py::test_what_changed_since_it_was_shown_is_shown_again",
    ),
    Mutant(
        "another person's ticket can be read",
        "bot/services/support.py",
        "    if found is None or found.user_id != user.id:\n",
        "    if found is None:\n",
        "tests/services/test_support.py::test_what_is_another_s_is_nothing",
    ),
    Mutant(
        "what is owed need not be paid off first",
        "bot/storage/ledger.py",
        "has = wallets.c.balance - wallets.c.owed + amount",
        "has = wallets.c.balance + amount",
        "tests/storage/test_payments.py::test_what_comes_in_pays_off_what_is_owed_first",
    ),
    Mutant(
        "a receipt may be decided twice",
        "bot/services/receipts.py",
        "    if found.state is not PaymentState.REVIEW:\n        raise",
        "    if found.state is PaymentState.OPEN:\n        raise",
        "tests/services/test_receipts.py::test_the_first_decision_counts",
    ),
    Mutant(
        "a rate that jumped is sold before an admin agrees",
        "bot/storage/catalogue.py",
        "await _listed(tx, services.c.held_rate.is_(None))",
        "await _listed(tx, services.c.id > 0)",
        "tests/security/test_held_rates.py::test_more_than_double_is_held",
    ),
    Mutant(
        "nobody is too fast (the rate limit dropped)",
        "bot/telegram/handling.py",
        "        return self.pacing.take(turn.chat)\n",
        "        return 0\n",
        "tests/security/test_pacing.py::test_a_hundred_presses_at_once_are_all_answered",
    ),
    Mutant(
        "secrets are logged",
        "bot/logs.py",
        "            text = self._known.sub(HIDDEN, text)\n",
        "            pass\n",
        "tests/test_logs.py::test_extra_fields_are_shown_and_hide_secrets_too",
    ),
)
