/**
 * Values of a frozen guest that can be set by name, as {@code NAME=VALUE}: controllers, registers, tables, pages.
 *
 * <p>Each goes through KVM's own calls or guest memory, and is read back. It depends on {@code machine} and must not
 * depend on plans or on how they are carried out.
 */
package dev.interject.experiment.setting;
