/**
 * What a run is to do: its plan, its pace, and the checks that refuse a plan before a VM exists.
 *
 * <p>It must not depend on how a plan is carried out.
 */
package dev.interject.experiment.plan;
